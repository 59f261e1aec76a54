import type { Completeness } from '@whence/api-client';
import type { LineageGraph } from '@whence/lineage-view';
import { type Surroundings, more } from './merge';

/** What is drawn of the surroundings: the edges that are known in one of `ways`, such as `observed,declared`. */
export function graphOf(known: Surroundings, ways: string): LineageGraph {
  const shown = ways.split(',');
  const edges = [...known.edges.values()].filter((edge) => shown.includes(edge.known));
  const gaps = [...known.gaps.values()];
  return {
    nodes: [...known.nodes.values()],
    edges,
    more: more(known),
    completeness: {
      complete: gaps.length === 0,
      truncated: [],
      gaps,
    },
  };
}

/** Whether the surroundings are all that is recorded, and what is missing. */
export function completenessOf(known: Surroundings, depth: number): Completeness {
  const frontier = [...new Set([...known.frontier.up, ...known.frontier.down])];
  const gaps = [...known.gaps.values()];
  return {
    complete: gaps.length === 0 && frontier.length === 0,
    truncated: frontier.length > 0 ? [{ limit: 'depth', value: depth, frontier }] : [],
    gaps,
  };
}
