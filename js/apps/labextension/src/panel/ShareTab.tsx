import { saveBlob } from '@whence/api-client';
import type { LineageHandle } from '@whence/lineage-view';
import { useState, useSyncExternalStore, type RefObject } from 'react';
import type { Shown } from '../state/feed';
import type { SameItem } from '../state/types';
import { useHost } from './host';
import { Failure } from './Notice';
import { useAnswer } from './useAnswer';
import { plain, valueText } from './words';

interface Props {
  readonly shown: Shown;
  readonly handle: RefObject<LineageHandle>;
}

/** Takes what is recorded elsewhere: a picture, a document, the full page. */
export function ShareTab({ shown, handle }: Props) {
  const host = useHost();
  const { view, path, name } = shown;
  const [failure, setFailure] = useState<string | null>(null);
  const session = view?.session.id;
  if (!session || path === null) return <p className="whence-empty">Nothing is recorded yet.</p>;
  const stem = name.replace(/\.ipynb$/, '');
  const save = (made: () => Promise<Blob>, as: string) => () => {
    setFailure(null);
    made().then(
      (blob) => saveBlob(blob, as),
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
  };
  const svg = async () => new Blob([handle.current?.toSVG() ?? ''], { type: 'image/svg+xml' });
  const png = () => handle.current?.toPNG() ?? Promise.reject(new Error('Nothing is drawn yet'));
  const record = (format: string) => () => host.api.exported(session, format);
  return (
    <>
      {failure && <Failure text={failure} />}
      <section aria-label="Picture">
        <h3>The picture</h3>
        <p>As the Flow tab draws it now.</p>
        <div className="whence-buttons">
          <button type="button" onClick={save(svg, `${stem}.svg`)}>
            Save as SVG
          </button>
          <button type="button" onClick={save(png, `${stem}.png`)}>
            Save as PNG
          </button>
        </div>
      </section>
      <section aria-label="Record">
        <h3>The record of this session</h3>
        <p>In public formats that other programs read.</p>
        <div className="whence-buttons">
          <button type="button" onClick={save(record('prov-json'), `${stem}.prov.json`)}>
            PROV-JSON
          </button>
          <button type="button" onClick={save(record('ro-crate'), `${stem}.crate.zip`)}>
            RO-Crate
          </button>
        </div>
      </section>
      <FullPage session={session} told={shown.status?.page ?? ''} />
      <Same path={path} />
    </>
  );
}

function FullPage({ session, told }: { session: string; told: string }) {
  const { page } = useHost();
  const set = useSyncExternalStore(page.subscribe, page.get);
  const base = (set || told).replace(/\/+$/, '');
  return (
    <section aria-label="Full page">
      <h3>The full page</h3>
      {/^https?:\/\//.test(base) ? (
        <a
          href={`${base}/p/local/run/${encodeURIComponent(session)}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          Open this session in the full page
        </a>
      ) : (
        <p>
          Run <code>whence ui</code> in a terminal, and name its address in the settings of Whence
          to have a link to it here.
        </p>
      )}
    </section>
  );
}

/** Whether the data and packages that were recorded are the same here. */
function Same({ path }: { path: string }) {
  const { api } = useHost();
  const [turn, setTurn] = useState(0);
  const { data, failure, isAsking } = useAnswer(turn ? `${path} ${turn}` : null, () =>
    api.same(path),
  );
  const other = data?.filter((item) => !item.same) ?? [];
  return (
    <section aria-label="Same data here">
      <h3>The same data here?</h3>
      <p>Compares what the notebook used with the files and packages of this machine.</p>
      <button type="button" disabled={isAsking} onClick={() => setTurn(turn + 1)}>
        {isAsking ? 'Comparing …' : 'Compare'}
      </button>
      {failure && <Failure text={failure} />}
      {data && (
        <>
          <p role="status">
            {other.length === 0
              ? `All ${data.length} are the same.`
              : `${other.length} of ${data.length} differ.`}
          </p>
          <SameTable items={[...other, ...data.filter((item) => item.same)]} />
        </>
      )}
    </section>
  );
}

function SameTable({ items }: { items: readonly SameItem[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Recorded</th>
          <th scope="col">Here</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, i) => (
          <tr key={i} className={item.same ? '' : 'is-other'}>
            <th scope="row">
              {plain(item.name)} <small>{plain(item.kind)}</small>
            </th>
            <td>{short(item.recorded)}</td>
            <td>
              {item.same
                ? 'the same'
                : item.here === null
                  ? plain(item.note || 'not there')
                  : short(item.here)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const short = (value: string | null): string =>
  valueText(value?.startsWith('sha256:') ? value.slice(7, 15) : value);
