/** What a server would add one step up or down from a node. */

import type { Direction, LineageGraph } from '../src/types';

export function grown(graph: LineageGraph, id: string, side: Direction): LineageGraph {
  const blank = { type: 'entity', digest: null, places: [], attributes: { size: 1200 } };
  const added = [1, 2, 3].map((i) => ({
    ...blank,
    id: `${id}/${side}/${i}`,
    kind: 'file',
    name: `${side}-${i}.csv`,
  }));
  const edges = added.map((one) => ({
    source: side === 'up' ? id : one.id,
    target: side === 'up' ? one.id : id,
    relation: 'wasDerivedFrom',
    role: '',
    known: 'observed',
    at: null,
  }));
  const more = { ...graph.more, [id]: { ...graph.more?.[id], [side]: 0 } };
  return { ...graph, nodes: [...graph.nodes, ...added], edges: [...graph.edges, ...edges], more };
}
