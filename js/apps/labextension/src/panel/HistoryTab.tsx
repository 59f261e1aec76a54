import { useEffect, useMemo, useState } from 'react';
import { flowOf } from '../flow/shown';
import type { Shown } from '../state/feed';
import { headOf } from '../state/live';
import type { CellView, Execution, NotebookView } from '../state/types';
import { State } from './CellsTab';
import { FlowGraph } from './FlowGraph';
import { useHost } from './host';
import { List } from './List';
import { Failure } from './Notice';
import { useAnswer } from './useAnswer';
import { clockText, counted, plain, tookText } from './words';

const SLIDE_MS = 150;
const NO_STATES: ReadonlyMap<string, string> = new Map();

/** The notebook as it stood after each execution. */
export function HistoryTab({ shown }: { shown: Shown }) {
  const host = useHost();
  const { view, path } = shown;
  const most = view?.executions.length ?? 0;
  const [chosen, setChosen] = useState<number | null>(null);
  const at = Math.min(chosen ?? most, most);
  const settled = useSettled(at);
  const session = view?.session.id;
  const isNow = settled >= most;
  const key = path === null || !session || isNow ? null : `${session} ${settled}`;
  const then = useAnswer(key, () =>
    host.api.view(path ?? '', { session: session ?? '', at: settled }),
  );
  const heads = useMemo(
    () => new Map(view?.cells.map((cell) => [cell.id, headOf(cell.source)])),
    [view],
  );
  const executions = useMemo(() => [...(view?.executions ?? [])].reverse(), [view]);
  if (!view || most === 0) return <p className="whence-empty">No cell has run in this session.</p>;
  const past = isNow ? view : (then.data ?? view);
  const one = view.executions[at - 1];
  return (
    <>
      <div className="whence-slide">
        <label>
          <span>
            {`After ${at.toLocaleString('en')} of ${counted(most, 'execution')}`}
            {one ? `, ${clockText(one.started_at)}` : ''}
          </span>
          <input
            type="range"
            min={0}
            max={most}
            value={at}
            onChange={(event) => {
              const to = Number(event.target.value);
              setChosen(to >= most ? null : to);
            }}
          />
        </label>
      </div>
      {then.failure && <Failure text={then.failure} again={then.again} />}
      <Past view={past} />
      <h3>Executions</h3>
      <List
        label="Executions"
        items={executions}
        keyOf={(row) => String(row.n)}
        isChosen={(row) => row.n === at}
        onChoose={(row) => {
          setChosen(row.n >= most ? null : row.n);
          host.go(row.cell);
        }}
        render={(row) => <ExecutionLine row={row} head={heads.get(row.cell) ?? ''} />}
      />
    </>
  );
}

function ExecutionLine({ row, head }: { row: Execution; head: string }) {
  const facts = [clockText(row.started_at), tookText(row.took_ms)].filter(Boolean).join(' · ');
  return (
    <>
      <span className="whence-line">
        <span className="whence-prompt">{`[${row.count ?? ' '}]`}</span>
        <code>{plain(head) || ' '}</code>
      </span>
      <span className="whence-line whence-faint">
        {facts}
        {row.status !== 'finished' && (
          <span className="whence-state is-failed">{plain(row.status)}</span>
        )}
      </span>
      {row.error && <span className="whence-reason">{plain(row.error)}</span>}
    </>
  );
}

/** The drawing and the states at one moment. */
function Past({ view }: { view: NotebookView }) {
  const flow = useMemo(() => flowOf(view, { running: [], states: NO_STATES }), [view]);
  const ran = view.cells.filter((cell) => cell.executions > 0);
  return (
    <>
      <div className="whence-graph is-small">
        <FlowGraph flow={flow} label="The flow at that moment" controls={false} />
      </div>
      <details className="whence-then">
        <summary>{`State of ${counted(ran.length, 'cell')} then`}</summary>
        <ul>
          {ran.slice(0, 200).map((cell) => (
            <CellThen key={cell.id} cell={cell} />
          ))}
        </ul>
      </details>
    </>
  );
}

function CellThen({ cell }: { cell: CellView }) {
  return (
    <li>
      <span className="whence-prompt">{`[${cell.count ?? ' '}]`}</span>{' '}
      <code>{plain(headOf(cell.source))}</code> <State of={cell.state} />
    </li>
  );
}

/** The value once it has not changed for a moment. */
function useSettled(value: number): number {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setHeld(value), SLIDE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return held;
}
