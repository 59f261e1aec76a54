/** Orders the boxes and stops in each column so that few links cross. */

import { adjacency, type Adjacency } from '../model/adjacency';
import { crossingsBetween } from './crossings';
import type { Meter } from './types';

export interface Net {
  readonly count: number;
  readonly rank: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
}

const SWEEPS = 8;
const SWEEPS_LARGE = 4;
const LARGE = 6000;

/** The columns, each a list of boxes and stops from top to bottom. */
export function orderOf(net: Net, hint: Float64Array, meter: Meter): Int32Array[] {
  const out = adjacency(net.count, net.from);
  const into = adjacency(net.count, net.to);
  const columns = firstOrder(net, out, into, hint);
  const place = new Float64Array(net.count);
  columns.forEach((column) => number(column, place));
  const known = hint.some((y) => !Number.isNaN(y));
  const sweeps = net.count > LARGE ? SWEEPS_LARGE : known ? 2 : SWEEPS;
  let best = columns.map((column) => column.slice());
  let least = crossings(net, columns, out, place, meter);
  for (let sweep = 0; sweep < sweeps && least > 0; sweep++) {
    const right = sweep % 2 === 0;
    const lists = right ? into : out;
    const last = columns.length - 1;
    for (let i = 1; i <= last; i++) {
      sortByNeighbours(columns[right ? i : last - i]!, lists, net, right, place, meter);
    }
    const now = crossings(net, columns, out, place, meter);
    if (now >= least) continue;
    least = now;
    best = columns.map((column) => column.slice());
  }
  return best;
}

function number(column: Int32Array, place: Float64Array): void {
  for (let i = 0; i < column.length; i++) place[column[i]!] = i;
}

/** By a walk in depth from the left, so that a tree starts without a crossing; or as it was. */
function firstOrder(net: Net, out: Adjacency, into: Adjacency, hint: Float64Array): Int32Array[] {
  const columns: number[][] = [];
  const seen = new Uint8Array(net.count);
  const was = new Float64Array(net.count).fill(NaN);
  was.set(hint);
  const stack: number[] = [];
  const visit = (root: number): void => {
    if (seen[root]) return;
    seen[root] = 1;
    stack.push(root);
    for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
      (columns[net.rank[v]!] ??= []).push(v);
      for (const [lists, ends] of [
        [into, net.from],
        [out, net.to],
      ] as const) {
        for (let i = lists.start[v + 1]! - 1; i >= lists.start[v]!; i--) {
          const u = ends[lists.item[i]!]!;
          if (Number.isNaN(was[u])) was[u] = was[v]!;
          if (seen[u]) continue;
          seen[u] = 1;
          stack.push(u);
        }
      }
    }
  };
  for (let v = 0; v < net.count; v++) if (into.start[v] === into.start[v + 1]) visit(v);
  for (let v = 0; v < net.count; v++) visit(v);
  const last = net.rank.reduce((a, b) => Math.max(a, b), -1);
  return Array.from({ length: last + 1 }, (_, r) => {
    const column = columns[r] ?? [];
    if (column.some((v) => !Number.isNaN(was[v]!))) {
      const key = (v: number): number => (Number.isNaN(was[v]!) ? Infinity : was[v]!);
      column.sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)));
    }
    return Int32Array.from(column);
  });
}

/** Each goes to the mean place of its neighbours in the column before; others stay. */
function sortByNeighbours(
  column: Int32Array,
  lists: Adjacency,
  net: Net,
  right: boolean,
  place: Float64Array,
  meter: Meter,
): void {
  const key = new Float64Array(column.length);
  let isSorted = true;
  for (let i = 0; i < column.length; i++) {
    const v = column[i]!;
    const start = lists.start[v]!;
    const end = lists.start[v + 1]!;
    let sum = 0;
    for (let j = start; j < end; j++) {
      const e = lists.item[j]!;
      const below = right ? net.fromY[e]! : net.toY[e]!;
      sum += place[right ? net.from[e]! : net.to[e]!]! + below * 1e-5;
    }
    key[i] = end > start ? sum / (end - start) : i;
    meter.work += end - start + 1;
    if (i > 0 && key[i]! < key[i - 1]!) isSorted = false;
  }
  if (isSorted) return;
  const order = Int32Array.from(column.keys()).sort((a, b) => key[a]! - key[b]! || a - b);
  const sorted = order.map((i) => column[i]!);
  column.set(sorted);
  number(column, place);
}

function crossings(
  net: Net,
  columns: readonly Int32Array[],
  out: Adjacency,
  place: Float64Array,
  meter: Meter,
): number {
  columns.forEach((column) => number(column, place));
  let found = 0;
  columns.forEach((column, r) => {
    const next = columns[r + 1];
    if (next) found += crossingsBetween(column, next.length, out, net, place, meter);
  });
  return found;
}
