import { useState } from 'react';
import type { Shown } from '../state/feed';
import { headOf } from '../state/live';
import type { NotebookView, Session } from '../state/types';
import { Compared } from './Compared';
import { useHost } from './host';
import { Failure } from './Notice';
import { useAnswer } from './useAnswer';
import { clockText, counted, momentText, plain } from './words';

type What = 'sessions' | 'cell';

/** Two sessions of the notebook, or two executions of one of its cells. */
export function CompareTab({ shown }: { shown: Shown }) {
  const [what, setWhat] = useState<What>('sessions');
  const { view, path } = shown;
  if (!view || path === null) return <p className="whence-empty">Nothing is recorded yet.</p>;
  const choose = (to: What, title: string) => (
    <button type="button" aria-pressed={what === to} onClick={() => setWhat(to)}>
      {title}
    </button>
  );
  return (
    <>
      <div role="group" aria-label="What is compared" className="whence-switch">
        {choose('sessions', 'Two sessions')}
        {choose('cell', 'Two runs of a cell')}
      </div>
      {what === 'sessions' ? (
        <CompareSessions path={path} newest={`${view.session.id} ${view.executions.length}`} />
      ) : (
        <CompareExecutions view={view} />
      )}
    </>
  );
}

function CompareSessions({ path, newest }: { path: string; newest: string }) {
  const { api } = useHost();
  const asked = useAnswer(`${path} ${newest}`, () => api.sessions(path));
  const [left, setLeft] = useState('');
  const [right, setRight] = useState('');
  const sessions = asked.data ?? [];
  const known = (id: string, place: number): string =>
    sessions.some((one) => one.id === id) ? id : (sessions[place]?.id ?? '');
  const [from, to] = [known(left, 1), known(right, 0)];
  const isReady = from !== '' && to !== '' && from !== to;
  const key = isReady ? `${from} ${to} ${newest}` : null;
  const answer = useAnswer(key, () => api.compareSessions(from, to));
  if (asked.failure) return <Failure text={asked.failure} again={asked.again} />;
  if (asked.data && sessions.length < 2)
    return (
      <p className="whence-empty">
        One session is recorded. Restart the kernel and run the notebook again to compare two.
      </p>
    );
  return (
    <>
      <ChooseSession label="Left" sessions={sessions} value={from} onChoose={setLeft} />
      <ChooseSession label="Right" sessions={sessions} value={to} onChoose={setRight} />
      {asked.data && !isReady && <p className="whence-empty">Choose two sessions.</p>}
      {answer.failure && <Failure text={answer.failure} again={answer.again} />}
      {isReady && answer.data && <Compared answer={answer.data} />}
    </>
  );
}

interface ChooseProps {
  readonly label: string;
  readonly sessions: readonly Session[];
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

function ChooseSession({ label, sessions, value, onChoose }: ChooseProps) {
  return (
    <label className="whence-choose">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.target.value)}>
        {sessions.map((one, i) => (
          <option key={one.id} value={one.id}>
            {`${momentText(one.started_at)} · ${counted(one.executions, 'execution')} · ${plain(one.status)}${i === 0 ? ' · newest' : ''}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function CompareExecutions({ view }: { view: NotebookView }) {
  const { api } = useHost();
  const cells = view.cells.filter((cell) => cell.executions > 1);
  const [chosen, setChosen] = useState('');
  const [ends, setEnds] = useState<readonly [number, number] | null>(null);
  const cell = cells.find((one) => one.id === chosen) ?? cells[0];
  const runs = view.executions.filter((one) => one.cell === cell?.id);
  const last = [runs.at(-2)?.n ?? 0, runs.at(-1)?.n ?? 0] as const;
  const isKnown = ends?.every((n) => runs.some((one) => one.n === n));
  const [left, right] = ends && isKnown ? ends : last;
  const { id } = view.session;
  const key = cell && left !== right ? `${id} ${left} ${right}` : null;
  const answer = useAnswer(key, () => api.compareExecutions(id, left, right));
  if (!cell) return <p className="whence-empty">No cell has run twice in this session.</p>;
  const choose = (label: string, value: number, onChoose: (n: number) => void) => (
    <label className="whence-choose">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(Number(event.target.value))}>
        {runs.map((one) => (
          <option key={one.n} value={one.n}>
            {`[${one.count ?? ' '}] ${clockText(one.started_at)} · ${plain(one.status)}`}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <label className="whence-choose">
        <span>Cell</span>
        <select value={cell.id} onChange={(event) => setChosen(event.target.value)}>
          {cells.map((one) => (
            <option key={one.id} value={one.id}>
              {`[${one.count ?? ' '}] ${plain(headOf(one.source))}`}
            </option>
          ))}
        </select>
      </label>
      {choose('Left', left, (n) => setEnds([n, right]))}
      {choose('Right', right, (n) => setEnds([left, n]))}
      {answer.failure && <Failure text={answer.failure} again={answer.again} />}
      {key !== null && answer.data && <Compared answer={answer.data} />}
    </>
  );
}
