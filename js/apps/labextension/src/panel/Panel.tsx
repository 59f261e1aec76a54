import type { LineageHandle } from '@whence/lineage-view';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Shown } from '../state/feed';
import { rowsOf } from '../state/live';
import { CellsTab } from './CellsTab';
import { CompareTab } from './CompareTab';
import { FlowTab } from './FlowTab';
import { HistoryTab } from './HistoryTab';
import { useHost } from './host';
import { Failure, HowToAdd } from './Notice';
import { ShareTab } from './ShareTab';
import { Tabs } from './Tabs';
import { counted, momentText, plain } from './words';

/** All that is known of the notebook in view. */
export function Panel() {
  const { feed } = useHost();
  const shown = useSyncExternalStore(feed.subscribe, feed.get);
  const { path, status, view, failure } = shown;
  if (path === null)
    return (
      <p className="whence-empty">
        Open a notebook to see where its variables, data and models come from.
      </p>
    );
  return (
    <>
      <Head shown={shown} />
      {failure && <Failure text={failure} again={() => feed.refresh()} />}
      {!status && !failure && <p className="whence-empty">Asking the server …</p>}
      {status && !status.recording && <HowToAdd says={status.add} isFirst={view === null} />}
      {view && <Body key={path} shown={shown} />}
      {status?.recording && !view && (
        <p className="whence-empty">This kernel is recorded. Run a cell to begin.</p>
      )}
    </>
  );
}

function Head({ shown }: { shown: Shown }) {
  const { feed, place, move } = useHost();
  const at = useSyncExternalStore(place.subscribe, place.get);
  const moves = at === 'side' ? 'Show below the notebook' : 'Show at the side';
  const { name, status, view, running } = shown;
  const session = view?.session;
  const says = !status
    ? ''
    : running.length > 0
      ? `${counted(running.length, 'cell')} running`
      : status.recording
        ? 'recording'
        : session
          ? plain(session.status)
          : 'not recorded';
  return (
    <div className="whence-head">
      <h2 title={shown.path ?? ''}>
        <bdi>{plain(name)}</bdi>
      </h2>
      <p>
        <span className={`whence-dot${status?.recording ? ' is-on' : ''}`} aria-hidden="true" />
        <span role="status" aria-label="Recording">
          {says}
        </span>
        {session &&
          ` · ${counted(view.executions.length, 'execution')} · since ${momentText(session.started_at)}`}
        <button
          type="button"
          className="whence-plain"
          aria-label="Ask again"
          title="Ask again"
          onClick={() => feed.refresh()}
        >
          ⟳
        </button>
        <button
          type="button"
          className="whence-plain"
          aria-label={moves}
          title={moves}
          onClick={move}
        >
          {at === 'side' ? '⬓' : '◨'}
        </button>
      </p>
    </div>
  );
}

function Body({ shown }: { shown: Shown }) {
  const [chosen, setChosen] = useState('flow');
  const handle = useRef<LineageHandle>(null);
  const { live, view, running } = shown;
  const off = useMemo(
    () =>
      rowsOf(live, view, running).filter((row) => row.state === 'stale' || row.state === 'edited')
        .length,
    [live, view, running],
  );
  return (
    <Tabs
      label="Whence"
      chosen={chosen}
      onChoose={setChosen}
      tabs={[
        { id: 'flow', title: 'Flow', body: <FlowTab shown={shown} handle={handle} /> },
        { id: 'cells', title: 'Cells', count: off, body: <CellsTab shown={shown} /> },
        { id: 'history', title: 'History', body: <HistoryTab shown={shown} /> },
        { id: 'compare', title: 'Compare', body: <CompareTab shown={shown} /> },
        { id: 'share', title: 'Share', body: <ShareTab shown={shown} handle={handle} /> },
      ]}
    />
  );
}
