/** Lays out one connected level from left to right: columns, order, heights, routes. */

import { backLinks } from './acyclic';
import { topsOf } from './coordinates';
import { withStops, type Stops } from './dummies';
import { orderOf } from './order';
import { ranksOf } from './ranks';
import { straighten } from './straighten';
import type { Level, Meter, Placed } from './types';

export const RANK_GAP = 72;
const RANK_GAP_MOST = 220;
/** Stops for a box or link: bounds the work where very many links are very long. */
const STOPS_EACH = 6;
const STOPS_LEAST = 2000;

export function placeLevel(level: Level, meter: Meter): Placed {
  const count = level.width.length;
  const back = backLinks(count, level.from, level.to, meter);
  const flow = turned(level, back);
  const rank = ranksOf(count, flow.from, flow.to, level.pin, meter);
  const most = STOPS_EACH * (count + level.from.length) + STOPS_LEAST;
  const stops = withStops(count, { ...flow, bundle: level.bundle, rank }, most);
  const columns = orderOf(stops, level.hint, meter);
  const height = new Float64Array(stops.count);
  height.set(level.height);
  const top = topsOf(stops, count, height, columns, meter);
  straighten(stops, height, columns, top, meter);
  const columnX = columnsX(level, stops, columns, top);
  return placed(level, flow, back, stops, top, columnX);
}

interface Flow {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
  /** By kept link: its number in the level. Loops are left out. */
  readonly link: Int32Array;
}

/** The links with those that lead back turned around, loops left out. */
function turned(level: Level, back: Uint8Array): Flow {
  const link = Int32Array.from(level.from.keys()).filter((e) => level.from[e] !== level.to[e]);
  const pick = (e: number, ahead: ArrayLike<number>, behind: ArrayLike<number>): number =>
    back[e] ? behind[e]! : ahead[e]!;
  return {
    link,
    from: link.map((e) => pick(e, level.from, level.to)),
    to: link.map((e) => pick(e, level.to, level.from)),
    fromY: Float64Array.from(link, (e) => pick(e, level.fromY, level.toY)),
    toY: Float64Array.from(link, (e) => pick(e, level.toY, level.fromY)),
  };
}

interface Columns {
  readonly left: Float64Array;
  readonly width: Float64Array;
}

/** The columns' places; the gap before one grows where links have far to climb. */
function columnsX(
  level: Level,
  stops: Stops,
  columns: readonly Int32Array[],
  top: Float64Array,
): Columns {
  const width = Float64Array.from(columns, (column) =>
    column.reduce((most, v) => (v < stops.boxes ? Math.max(most, level.width[v]!) : most), 0),
  );
  const climb = new Float64Array(columns.length);
  for (let e = 0; e < stops.from.length; e++) {
    const a = stops.from[e]!;
    const b = stops.to[e]!;
    const rise = Math.abs(top[a]! + stops.fromY[e]! - top[b]! - stops.toY[e]!);
    climb[stops.rank[b]!] = Math.max(climb[stops.rank[b]!]!, rise);
  }
  const left = new Float64Array(columns.length);
  for (let r = 1; r < columns.length; r++) {
    const gap = Math.min(RANK_GAP_MOST, RANK_GAP + climb[r]! * 0.06);
    left[r] = left[r - 1]! + width[r - 1]! + (width[r] && width[r - 1] ? gap : gap / 2);
  }
  return { left, width };
}

function placed(
  level: Level,
  flow: Flow,
  back: Uint8Array,
  stops: Stops,
  top: Float64Array,
  at: Columns,
): Placed {
  const count = stops.boxes;
  const { rank } = stops;
  let highest = Infinity;
  let lowest = -Infinity;
  for (let v = 0; v < stops.count; v++) {
    highest = Math.min(highest, top[v]!);
    lowest = Math.max(lowest, top[v]! + (v < count ? level.height[v]! : 0));
  }
  const y = Float64Array.from({ length: count }, (_, v) => top[v]! - highest);
  const x = Float64Array.from({ length: count }, (_, v) => at.left[rank[v]!]!);
  const routes: Float64Array[] = Array.from(level.from, () => new Float64Array(0));
  flow.link.forEach((e, i) => {
    const a = flow.from[i]!;
    const b = flow.to[i]!;
    const points = [x[a]! + level.width[a]!, y[a]! + flow.fromY[i]!];
    const border = at.left[rank[a]!]! + at.width[rank[a]!]!;
    if (border > points[0]! + 1) points.push(border, points[1]!); // past wider boxes of the column
    for (const stop of stops.through[i]!) {
      const left = at.left[rank[stop]!]!;
      points.push(left, top[stop]! - highest, left + at.width[rank[stop]!]!, top[stop]! - highest);
    }
    points.push(x[b]!, y[b]! + flow.toY[i]!);
    routes[e] = Float64Array.from(back[e] ? reversed(points) : points);
  });
  const last = at.left.length - 1;
  const totalWidth = last < 0 ? 0 : at.left[last]! + at.width[last]!;
  return { x, y, routes, back, totalWidth, totalHeight: Math.max(0, lowest - highest) };
}

function reversed(points: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) found.push(points[i]!, points[i + 1]!);
  return found;
}
