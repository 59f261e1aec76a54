/** The demo: ?graph=study|1000|10000|<address of an answer>, &theme=, &group=, &columns=, #view. */

import { useCallback, useRef, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { LineageView, viewFromText, viewToText } from '../src/index';
import type {
  ColumnsShown,
  Direction,
  GroupBy,
  LineageGraph,
  LineageHandle,
  Theme,
} from '../src/index';
import { pipelines } from './generate';
import { grown } from './grow';
import { study } from './study';

const asked = new URLSearchParams(location.search);

async function graphFor(name: string): Promise<LineageGraph> {
  if (name === 'study') return study();
  if (/^\d+$/.test(name)) return pipelines(Number(name));
  return (await (await fetch(name)).json()) as LineageGraph;
}

function Demo({ first }: { first: LineageGraph }): ReactNode {
  const [graph, setGraph] = useState(first);
  const handle = useRef<LineageHandle>(null);
  const onExpand = useCallback(
    (id: string, side: Direction) => setGraph((now) => grown(now, id, side)),
    [],
  );
  Object.assign(window, { lineage: handle });
  const [from, to] = asked.getAll('path');
  return (
    <LineageView
      ref={handle}
      graph={graph}
      focus={asked.getAll('focus')}
      theme={(asked.get('theme') ?? 'auto') as Theme}
      groupBy={(asked.get('group') ?? 'none') as GroupBy}
      columns={(asked.get('columns') ?? 'auto') as ColumnsShown}
      highlight={from && to ? { from, to } : null}
      view={viewFromText(location.hash.slice(1))}
      onView={(view) => history.replaceState(null, '', `#${viewToText(view)}`)}
      onExpand={onExpand}
      onOpen={(id) => console.log('open', id)}
      onSelect={(id) => console.log('select', id)}
    />
  );
}

const first = await graphFor(asked.get('graph') ?? 'study');
performance.mark('graph');
createRoot(document.getElementById('root') as HTMLElement).render(<Demo first={first} />);
