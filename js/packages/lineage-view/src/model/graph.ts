/** An answer with numbers for nodes and edges, so that walks cost no look-up by text. */

import type { LineageEdge, LineageGraph, LineageNode } from '../types';
import { adjacency, type Adjacency } from './adjacency';

export interface Graph {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly index: ReadonlyMap<string, number>;
  /** By edge: the number of its source (the effect) and of its target (the cause). */
  readonly effect: Int32Array;
  readonly cause: Int32Array;
  /** By node: the edges that lead to its causes, and to what came of it. */
  readonly up: Adjacency;
  readonly down: Adjacency;
}

/** Leaves out doubled nodes and edges, loops, and edges with an end that is not there. */
export function graphFrom(given: Pick<LineageGraph, 'nodes' | 'edges'>): Graph {
  const index = new Map<string, number>();
  const nodes: LineageNode[] = [];
  for (const node of given.nodes) {
    if (index.has(node.id)) continue;
    index.set(node.id, nodes.length);
    nodes.push(node);
  }
  const seen = new Set<string>();
  const edges = given.edges.filter((edge) => {
    const from = index.get(edge.source);
    const to = index.get(edge.target);
    if (from === undefined || to === undefined || from === to) return false;
    const key = `${from} ${to} ${edge.relation} ${edge.role} ${edge.known}`;
    return !seen.has(key) && seen.add(key);
  });
  const effect = Int32Array.from(edges, (edge) => index.get(edge.source)!);
  const cause = Int32Array.from(edges, (edge) => index.get(edge.target)!);
  const up = adjacency(nodes.length, effect);
  const down = adjacency(nodes.length, cause);
  return { nodes, edges, index, effect, cause, up, down };
}
