/** Takes the wiggles out of long links: stops go level as far as their columns have room. */

import { BOX_GAP, STOP_GAP } from './coordinates';
import type { Stops } from './dummies';
import type { Meter } from './types';

/** Moves the tops of stops only; order and room in each column stay. */
export function straighten(
  stops: Stops,
  height: Float64Array,
  columns: readonly Int32Array[],
  top: Float64Array,
  meter: Meter,
): void {
  const place = new Int32Array(stops.count);
  for (const column of columns) column.forEach((v, i) => (place[v] = i));
  const seen = new Uint8Array(stops.count);
  const chains = [...stops.through.entries()].filter(([, chain]) => chain.length > 0);
  chains.sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  for (const [e, chain] of chains) {
    const fresh = chain.filter((stop) => !seen[stop]);
    for (const stop of fresh) seen[stop] = 1;
    if (fresh.length) settle(fresh, wishOf(e));
  }

  /** The heights of a link's two ends. */
  function wishOf(e: number): [number, number] {
    const ends = stops.ends[e]!;
    return [top[ends.from]! + ends.fromY, top[ends.to]! + ends.toY];
  }

  function room(v: number): [number, number] {
    const column = columns[stops.rank[v]!]!;
    const i = place[v]!;
    const above = column[i - 1];
    const below = column[i + 1];
    const gap = (u: number): number => (u >= stops.boxes ? STOP_GAP : BOX_GAP);
    return [
      above === undefined ? -Infinity : top[above]! + height[above]! + gap(above),
      below === undefined ? Infinity : top[below]! - gap(below),
    ];
  }

  /** Splits the stops into the fewest level stretches, from left to right. */
  function settle(chain: readonly number[], [from, to]: [number, number]): void {
    let start = 0;
    let [low, high] = [-Infinity, Infinity];
    for (let i = 0; i <= chain.length; i++) {
      meter.work++;
      const [l, h] = i < chain.length ? room(chain[i]!) : [Infinity, -Infinity];
      const [nextLow, nextHigh] = [Math.max(low, l), Math.min(high, h)];
      if (nextLow <= nextHigh) {
        [low, high] = [nextLow, nextHigh];
        continue;
      }
      if (i > start)
        level(chain.slice(start, i), low, high, start === 0 ? from : top[chain[start - 1]!]!, to);
      start = i;
      [low, high] = [l, h];
    }
  }

  /** At the height of an end where that fits, else as near as it can be. */
  function level(
    part: readonly number[],
    low: number,
    high: number,
    from: number,
    to: number,
  ): void {
    if (low > high) return;
    const fits = (y: number): boolean => y >= low && y <= high;
    const mean = part.reduce((sum, v) => sum + top[v]!, 0) / part.length;
    const y = fits(from) ? from : fits(to) ? to : Math.min(high, Math.max(low, mean));
    for (const v of part) top[v] = y;
  }
}
