/** Gives each box its column: right of all its causes, and not further from them than it must. */

import { adjacency, degree } from '../model/adjacency';
import type { Meter } from './types';

/**
 * By box: its column, from 0. `from` and `to` have no circle. Boxes pinned by -1 share column 0,
 * those by 1 the last, and no other box stands there.
 */
export function ranksOf(
  count: number,
  from: Int32Array,
  to: Int32Array,
  pin: Int8Array,
  meter: Meter,
): Int32Array {
  const out = adjacency(count, from);
  const into = adjacency(count, to);
  const first = pin.includes(-1) ? 1 : 0;
  const rank = new Int32Array(count).fill(first);
  const order = topological(count, out, to, into);
  for (const v of order) {
    if (pin[v] === -1) rank[v] = 0;
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const u = to[out.item[i]!]!;
      rank[u] = Math.max(rank[u]!, rank[v]! + 1);
      meter.work++;
    }
  }
  for (let i = order.length - 1; i >= 0; i--) pullRight(order[i]!);
  const last = rank.reduce((a, b, v) => (pin[v] === 1 ? a : Math.max(a, b)), 0) + 1;
  for (let v = 0; v < count; v++) if (pin[v] === 1) rank[v] = last;
  return rank;

  /** A box with more links to the right than to the left stands next to its first effect. */
  function pullRight(v: number): void {
    if (pin[v] !== 0 || degree(out, v) === 0 || degree(into, v) >= degree(out, v)) return;
    let least = Infinity;
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const u = to[out.item[i]!]!;
      if (pin[u] !== 1) least = Math.min(least, rank[u]!);
      meter.work++;
    }
    if (least !== Infinity) rank[v] = Math.max(rank[v]!, least - 1);
  }
}

function topological(
  count: number,
  out: { start: Int32Array; item: Int32Array },
  to: Int32Array,
  into: { start: Int32Array },
): Int32Array {
  const left = new Int32Array(count);
  const order = new Int32Array(count);
  let filled = 0;
  for (let v = 0; v < count; v++) {
    left[v] = into.start[v + 1]! - into.start[v]!;
    if (!left[v]) order[filled++] = v;
  }
  for (let head = 0; head < filled; head++) {
    const v = order[head]!;
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const u = to[out.item[i]!]!;
      if (--left[u]! === 0) order[filled++] = u;
    }
  }
  return order;
}
