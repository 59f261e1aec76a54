/** Links between boxes: all edges that join the same two places, drawn as one line. */

import type { Graph } from './graph';
import { knownRank } from './family';
import { QUIET } from './relation';
import type { Box } from './scene';

export interface Link {
  /** Boxes: from the cause to the effect, as data flows. */
  readonly from: number;
  readonly to: number;
  /** Rows inside these boxes, or -1 for the box as a whole. */
  readonly fromRow: number;
  readonly toRow: number;
  /** Numbers of the graph's edges. */
  readonly edges: number[];
  /** The best of them: 0 observed, 1 declared, 2 inferred. */
  known: number;
  /** Whether all of them only say where a thing belongs. */
  quiet: boolean;
  /** Whether another link leads back between the same two places. */
  mutual: boolean;
}

export function linksOf(
  graph: Graph,
  boxes: readonly Box[],
  boxOf: Int32Array,
  cut: Uint8Array,
): Link[] {
  const rowOf = new Map<number, number>();
  boxes.forEach((box) => box.rows.forEach((row, i) => row.node >= 0 && rowOf.set(row.node, i)));
  const found = new Map<string, Link>();
  graph.edges.forEach((edge, e) => {
    const cause = graph.cause[e]!;
    const effect = graph.effect[e]!;
    const from = boxOf[cause]!;
    const to = boxOf[effect]!;
    if (cut[e] || from < 0 || to < 0 || from === to || holds(boxes, from, to)) return;
    const inRows = boxes[from]!.kind !== 'stack' && boxes[to]!.kind !== 'stack';
    const fromRow = (inRows ? rowOf.get(cause) : undefined) ?? -1;
    const toRow = (inRows ? rowOf.get(effect) : undefined) ?? -1;
    const key = `${from} ${fromRow} ${to} ${toRow}`;
    const known = knownRank(edge.known);
    const quiet = QUIET.has(edge.relation);
    const link = found.get(key);
    if (!link) {
      found.set(key, { from, to, fromRow, toRow, edges: [e], known, quiet, mutual: false });
      return;
    }
    link.edges.push(e);
    link.known = Math.min(link.known, known);
    link.quiet &&= quiet;
  });
  for (const link of found.values()) {
    link.mutual = found.has(`${link.to} ${link.toRow} ${link.from} ${link.fromRow}`);
  }
  return withoutRoundabout([...found.values()], boxes);
}

/** Whether one of two boxes is the open group around the other. */
function holds(boxes: readonly Box[], a: number, b: number): boolean {
  return boxes[a]!.parent === b || boxes[b]!.parent === a;
}

/** A link to an open group as a whole goes where one to a part of it tells the same. */
function withoutRoundabout(links: Link[], boxes: readonly Box[]): Link[] {
  const inner = new Set<string>();
  for (const link of links) {
    const from = boxes[link.from]!.parent;
    const to = boxes[link.to]!.parent;
    if (from >= 0) inner.add(`${from} ${link.to}`);
    if (to >= 0) inner.add(`${link.from} ${to}`);
  }
  return links.filter((link) => !inner.has(`${link.from} ${link.to}`));
}
