/** Puts each box as high as its neighbours want it, without overlap, in linear time a sweep. */

import { adjacency, type Adjacency } from '../model/adjacency';
import type { Net } from './order';
import type { Meter } from './types';

export const BOX_GAP = 22;
export const STOP_GAP = 12;

const SWEEPS = 10;
const SWEEPS_LARGE = 5;
const LARGE = 6000;
/** How strongly a short link pulls: between stops most, so that long links run straight. */
const PULL = [1, 2, 8] as const;

/** By box and stop: its top. `height` of a stop is 0; stops are numbered from `boxes` on. */
export function topsOf(
  net: Net,
  boxes: number,
  height: Float64Array,
  columns: readonly Int32Array[],
  meter: Meter,
): Float64Array {
  const out = adjacency(net.count, net.from);
  const into = adjacency(net.count, net.to);
  const top = new Float64Array(net.count);
  for (const column of columns) stack(column, boxes, height, top);
  const sweeps = net.count > LARGE ? SWEEPS_LARGE : SWEEPS;
  const last = columns.length - 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const right = sweep % 2 === 0;
    const both = sweep >= sweeps - 2;
    for (let i = 0; i <= last; i++) {
      settle(columns[right ? i : last - i]!, right || both, !right || both);
    }
  }
  return top;

  function settle(column: Int32Array, byLeft: boolean, byRight: boolean): void {
    const want = new Float64Array(column.length);
    const weight = new Float64Array(column.length);
    column.forEach((v, i) => {
      if (byLeft) pull(v, i, into, true, want, weight);
      if (byRight) pull(v, i, out, false, want, weight);
      if (weight[i] === 0) {
        want[i] = top[v]!;
        weight[i] = 0.05;
      } else want[i] = want[i]! / weight[i]!;
    });
    spread(column, boxes, height, want, weight, top);
    meter.work += column.length;
  }

  function pull(
    v: number,
    i: number,
    lists: Adjacency,
    left: boolean,
    want: Float64Array,
    weight: Float64Array,
  ): void {
    for (let j = lists.start[v]!; j < lists.start[v + 1]!; j++) {
      const e = lists.item[j]!;
      const u = left ? net.from[e]! : net.to[e]!;
      const force = PULL[((v >= boxes ? 1 : 0) + (u >= boxes ? 1 : 0)) as 0 | 1 | 2];
      const shift = left ? net.fromY[e]! - net.toY[e]! : net.toY[e]! - net.fromY[e]!;
      want[i]! += force * (top[u]! + shift);
      weight[i]! += force;
      meter.work++;
    }
  }
}

/** The least distance from the top of `a` to the top of `b` right under it. */
function room(a: number, b: number, boxes: number, height: Float64Array): number {
  return height[a]! + (a >= boxes && b >= boxes ? STOP_GAP : BOX_GAP);
}

function stack(column: Int32Array, boxes: number, height: Float64Array, top: Float64Array): void {
  let y = 0;
  column.forEach((v, i) => {
    top[v] = y;
    if (i + 1 < column.length) y += room(v, column[i + 1]!, boxes, height);
  });
  const middle = y / 2;
  for (const v of column) top[v]! -= middle;
}

/**
 * Nearest places to the wanted ones (least squares) that keep order and room: neighbours that
 * would overlap join into a block, which stands at its mean wish (pool adjacent violators).
 */
function spread(
  column: Int32Array,
  boxes: number,
  height: Float64Array,
  want: Float64Array,
  weight: Float64Array,
  top: Float64Array,
): void {
  const offset = new Float64Array(column.length);
  const mean: number[] = [];
  const mass: number[] = [];
  const size: number[] = [];
  for (let i = 0; i < column.length; i++) {
    if (i > 0) offset[i] = offset[i - 1]! + room(column[i - 1]!, column[i]!, boxes, height);
    let m = want[i]! - offset[i]!;
    let w = weight[i]!;
    let n = 1;
    while (mean.length && mean.at(-1)! >= m) {
      const w0 = mass.pop()!;
      m = (mean.pop()! * w0 + m * w) / (w0 + w);
      w += w0;
      n += size.pop()!;
    }
    mean.push(m);
    mass.push(w);
    size.push(n);
  }
  let i = 0;
  mean.forEach((m, block) => {
    for (let n = 0; n < size[block]!; n++, i++) top[column[i]!] = m + offset[i]!;
  });
}
