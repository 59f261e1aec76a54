import type { LineageHandle } from '@whence/lineage-view';
import { useMemo, useState, type Ref } from 'react';
import { flowOf } from '../flow/shown';
import type { Shown } from '../state/feed';
import { rowsOf } from '../state/live';
import { FlowGraph } from './FlowGraph';
import { useHost } from './host';
import { Thing } from './Thing';

interface Props {
  readonly shown: Shown;
  readonly handle: Ref<LineageHandle>;
}

/** What came from what, live. */
export function FlowTab({ shown, handle }: Props) {
  const { view, running, live, name } = shown;
  const { feed } = useHost();
  const [history, setHistory] = useState(false);
  const choose = (every: boolean) => {
    setHistory(every);
    feed.setHistory(every);
  };
  const [selected, setSelected] = useState<string | null>(null);
  const states = useMemo(
    () => rowsOf(live, view, running).map((row) => [row.id, row.state] as const),
    [live, view, running],
  );
  const key = JSON.stringify([running, states]);
  const flow = useMemo(
    () => view && flowOf(view, { running, states: new Map(states) }),
    // both are new each time that the notebook is touched; what they say is in the key
    [view, key], // eslint-disable-line react-hooks/exhaustive-deps
  );
  if (!flow || flow.graph.nodes.length === 0)
    return <p className="whence-empty">Run a cell: what it reads and makes is drawn here.</p>;
  const node = flow.graph.nodes.find((one) => one.id === selected);
  return (
    <div className="whence-flow">
      <div className="whence-bar">
        <div role="group" aria-label="Which runs are drawn" className="whence-switch">
          <button type="button" aria-pressed={!history} onClick={() => choose(false)}>
            Last run of each cell
          </button>
          <button type="button" aria-pressed={history} onClick={() => choose(true)}>
            Every run
          </button>
        </div>
      </div>
      <div className="whence-graph">
        <FlowGraph
          flow={flow}
          handle={handle}
          label={`The flow of ${name}`}
          onSelect={setSelected}
        />
      </div>
      {node && <Thing node={node} graph={flow.graph} />}
    </div>
  );
}
