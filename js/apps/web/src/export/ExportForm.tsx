import { type ApiError, saveBlob } from '@whence/api-client';
import { type FormEvent, useState } from 'react';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { Failure } from '../parts/Failure';
import { Icon } from '../parts/Icon';
import { Skeleton } from '../parts/Skeleton';
import './export.css';

const FIRST = 'prov-jsonld';

/** Saves the record of a thing in one of the server's formats. */
export function ExportForm({ thing }: { thing: string }) {
  const project = useProject();
  const asked = useAnswer(`formats ${project.name}`, (signal) => project.formats(signal));
  const [format, setFormat] = useState(FIRST);
  const [upstream, setUpstream] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton lines={3} />;
  const save = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    project
      .exportDocument(thing, format, upstream)
      .then(({ blob, name }) => saveBlob(blob, name))
      .catch((failure: unknown) => setError(failure as ApiError))
      .finally(() => setBusy(false));
  };
  return (
    <form className="export-form" onSubmit={save}>
      <label htmlFor="export-format">Format</label>
      <select
        id="export-format"
        value={format}
        onChange={(event) => {
          setFormat(event.target.value);
          setError(null);
        }}
      >
        {asked.data.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={upstream}
          onChange={(event) => setUpstream(event.target.checked)}
        />
        With all that lies upstream
      </label>
      {error && <Failure error={error} />}
      <button type="submit" className="primary" disabled={busy}>
        <Icon name="download" size={14} /> {busy ? 'Writing …' : 'Save the record'}
      </button>
    </form>
  );
}
