/** Counts the crossings between two columns with a Fenwick tree: E log V. */

import type { Adjacency } from '../model/adjacency';
import type { Net } from './order';
import type { Meter } from './types';

export function crossingsBetween(
  left: Int32Array,
  rightCount: number,
  out: Adjacency,
  net: Net,
  place: Float64Array,
  meter: Meter,
): number {
  const tree = new Int32Array(rightCount + 1);
  let passed = 0;
  let found = 0;
  for (const v of left) {
    const start = out.start[v]!;
    const end = out.start[v + 1]!;
    for (let i = start; i < end; i++)
      found += passed - upTo(tree, place[net.to[out.item[i]!]!]! + 1);
    for (let i = start; i < end; i++) add(tree, place[net.to[out.item[i]!]!]! + 1);
    passed += end - start;
    meter.work += end - start;
  }
  return found;
}

function add(tree: Int32Array, at: number): void {
  for (let i = at; i < tree.length; i += i & -i) tree[i]!++;
}

function upTo(tree: Int32Array, at: number): number {
  let sum = 0;
  for (let i = at; i > 0; i -= i & -i) sum += tree[i]!;
  return sum;
}
