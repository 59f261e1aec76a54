/** Which thing each column belongs to: the one that had it as a member. */

import type { Graph } from './graph';

/** By node: the number of the owner of a column, else -1. */
export function ownersOf(graph: Graph): Int32Array {
  const owner = new Int32Array(graph.nodes.length).fill(-1);
  graph.edges.forEach((edge, e) => {
    const member = graph.cause[e]!;
    if (edge.relation !== 'hadMember' || graph.nodes[member]!.kind !== 'column') return;
    const whole = graph.effect[e]!;
    if (owner[member] === -1 && graph.nodes[whole]!.kind !== 'column') owner[member] = whole;
  });
  graph.nodes.forEach((node, v) => {
    const of = node.kind === 'column' && owner[v] === -1 ? node.attributes['of'] : undefined;
    const whole = typeof of === 'string' ? graph.index.get(of) : undefined;
    if (whole !== undefined && graph.nodes[whole]!.kind !== 'column') owner[v] = whole;
  });
  return owner;
}

/** The names of a thing's columns as its own attributes tell them. */
export function columnNames(attributes: Readonly<Record<string, unknown>>): string[] {
  const found = attributes['columns'] ?? attributes['feature_names'];
  return Array.isArray(found) ? found.filter((name) => typeof name === 'string') : [];
}
