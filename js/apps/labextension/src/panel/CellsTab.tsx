import { useMemo } from 'react';
import type { Shown } from '../state/feed';
import { STATE_WORDS, rowsOf, type CellRow } from '../state/live';
import { useHost } from './host';
import { List } from './List';
import { counted, plain } from './words';

/** The state of each cell, and why. */
export function CellsTab({ shown }: { shown: Shown }) {
  const host = useHost();
  const { live, view, running } = shown;
  const rows = useMemo(() => rowsOf(live, view, running), [live, view, running]);
  return (
    <>
      <Summary rows={rows} shown={shown} />
      <List
        label="Cells"
        items={rows}
        keyOf={(row) => row.id}
        onChoose={(row) => host.go(row.id)}
        render={(row) => <CellLine row={row} />}
      />
    </>
  );
}

export function CellLine({ row }: { row: CellRow }) {
  const { view } = row;
  return (
    <>
      <span className="whence-line">
        <span className="whence-prompt">{`[${row.count ?? ' '}]`}</span>
        <code>{plain(row.head) || ' '}</code>
      </span>
      <span className="whence-line is-facts">
        <State of={row.state} />
        {view?.out_of_order && <span className="whence-state is-order">out of order</span>}
        {view?.models.map((name) => (
          <span key={name} className="whence-state is-model">{`made ${plain(name)}`}</span>
        ))}
      </span>
      {row.reasons.map((reason, i) => (
        <span key={i} className="whence-reason">
          {plain(reason)}
        </span>
      ))}
      {row.state === 'deleted' && (view?.defines.length ?? 0) > 0 && (
        <span className="whence-reason">
          {`Still in memory: ${view?.defines.map(plain).join(', ')}`}
        </span>
      )}
    </>
  );
}

export function State({ of }: { of: CellRow['state'] }) {
  return <span className={`whence-state is-${of}`}>{STATE_WORDS[of]}</span>;
}

function Summary({ rows, shown }: { rows: readonly CellRow[]; shown: Shown }) {
  const off = rows.filter((row) => row.state === 'stale' || row.state === 'edited').length;
  const memory = shown.view?.only_in_memory ?? [];
  return (
    <div className="whence-summary">
      <p>
        {off === 0
          ? 'Every cell that ran is up to date.'
          : `${counted(off, 'cell')} no longer match${off === 1 ? 'es' : ''} what ${off === 1 ? 'it' : 'they'} made.`}
      </p>
      {memory.length > 0 && (
        <details>
          <summary>{`${counted(memory.length, 'name')} only in memory`}</summary>
          <ul>
            {memory.map((one) => (
              <li key={`${one.name} ${one.cell}`}>
                <code>{plain(one.name)}</code> {plain(one.reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
