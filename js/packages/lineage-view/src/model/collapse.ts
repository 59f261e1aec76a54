/** What is not drawn: kinds that are switched off, and what only a collapsed side leads to. */

import type { Collapsed, Direction } from '../types';
import type { Graph } from './graph';
import { itemsOf } from './adjacency';
import { familyOf } from './family';

export interface Hidden {
  /** By node and by edge: 1 where it is not drawn. */
  readonly node: Uint8Array;
  readonly edge: Uint8Array;
  /** How many neighbours and nodes behind them each collapsed side hides, by `side:id`. */
  readonly count: ReadonlyMap<string, number>;
}

/**
 * Cuts the edges on one side of each collapsed node, in order, and hides what could only be
 * reached through them. A shared environment, script or person holds nothing up: else one
 * Python would keep every run on the screen. `head` names the group of each node: the head of a
 * group is collapsed for the group as a whole.
 */
export function hiddenBy(
  graph: Graph,
  collapsed: readonly Collapsed[],
  kinds: readonly string[] = [],
  head: Int32Array = new Int32Array(graph.nodes.length).fill(-1),
): Hidden {
  const off = new Set(kinds);
  const node = Uint8Array.from(graph.nodes, (one) => (off.has(one.kind) ? 1 : 0));
  const edge = new Uint8Array(graph.edges.length);
  const count = new Map<string, number>();
  for (const { id, side } of collapsed) {
    const v = graph.index.get(id);
    if (v === undefined || node[v]) continue;
    const whole = head[v] === v ? [...head.keys()].filter((u) => head[u] === v) : [v];
    count.set(`${side}:${id}`, collapse(graph, whole, side, node, edge));
  }
  return { node, edge, count };
}

function collapse(
  graph: Graph,
  whole: readonly number[],
  side: Direction,
  gone: Uint8Array,
  cut: Uint8Array,
): number {
  const inside = new Set(whole);
  const beyond = walk(graph, whole, side, gone, cut);
  for (const v of whole) beyond[v] = 0;
  const edges = whole
    .flatMap((v) => [...itemsOf(side === 'up' ? graph.up : graph.down, v)])
    .filter((e) => !inside.has(farEnd(graph, side, e)));
  const kept = new Set(edges.map((e) => farEnd(graph, side, e)).filter((u) => !gone[u]));
  for (const e of edges) cut[e] = 1;
  const held: number[] = [];
  graph.nodes.forEach((one, u) => {
    const holds = side === 'up' || inside.has(u) || !isContext(one.kind, familyOf(one));
    if (!beyond[u] && !gone[u] && holds) held.push(u);
  });
  const alive = walk(graph, held, side, gone, cut);
  const lost: number[] = [];
  for (let u = 0; u < gone.length; u++) if (beyond[u] && !alive[u] && !gone[u]) lost.push(u);
  for (const u of lost) gone[u] = 1;
  if (side === 'down') hideIdleContext(graph, lost, gone);
  for (const u of lost) kept.delete(u);
  return lost.length + kept.size;
}

const isContext = (kind: string, family: string): boolean =>
  family === 'agent' || (family === 'code' && kind !== 'plan');

const farEnd = (graph: Graph, side: Direction, e: number): number =>
  side === 'up' ? graph.cause[e]! : graph.effect[e]!;

/** What can be reached from the starts, going one way over edges that are drawn. */
function walk(
  graph: Graph,
  starts: readonly number[],
  side: Direction,
  gone: Uint8Array,
  cut: Uint8Array,
): Uint8Array {
  const seen = new Uint8Array(graph.nodes.length);
  const queue = [...starts];
  for (const v of queue) seen[v] = 1;
  for (let v = queue.pop(); v !== undefined; v = queue.pop()) {
    for (const e of itemsOf(side === 'up' ? graph.up : graph.down, v)) {
      const u = farEnd(graph, side, e);
      if (cut[e] || gone[u] || seen[u]) continue;
      seen[u] = 1;
      queue.push(u);
    }
  }
  return seen;
}

/** A script or an environment goes with the last run that used it. */
function hideIdleContext(graph: Graph, lost: readonly number[], gone: Uint8Array): void {
  const touched = new Set(
    lost.flatMap((u) => [...itemsOf(graph.up, u)].map((e) => graph.cause[e]!)),
  );
  for (const u of touched) {
    const one = graph.nodes[u]!;
    if (gone[u] || !isContext(one.kind, familyOf(one))) continue;
    if (itemsOf(graph.down, u).every((e) => gone[graph.effect[e]!])) gone[u] = 1;
  }
}
