/** Lays out open groups first, each as a level of its own, then the whole with them as boxes. */

import { FRAME_HEAD, FRAME_PAD } from '../model/size';
import { placeParts } from './components';
import type { Layout, LayoutInput, Level, Meter, Placed } from './types';

/** What lies inside of one group, and the doors through which links enter and leave. */
interface Inside {
  readonly boxes: number[];
  readonly local: Map<number, number>;
  readonly placed: Placed;
  /** By link that crosses the border: its number in the level, and the height of its door. */
  readonly link: Map<number, number>;
  readonly door: Map<number, number>;
}

export function layOut(input: LayoutInput): Layout {
  const meter: Meter = { work: 0 };
  const width = input.width.slice();
  const height = input.height.slice();
  const inside = new Map<number, Inside>();
  for (const group of new Set(input.parent)) {
    if (group < 0) continue;
    const one = placeInside(input, group, meter);
    inside.set(group, one);
    width[group] = Math.max(input.width[group]!, one.placed.totalWidth + 2 * FRAME_PAD);
    height[group] = one.placed.totalHeight + FRAME_HEAD + FRAME_PAD;
  }
  const outer = outerLevel(input, width, height, inside);
  const placed = placeParts(outer.level, meter);
  return joined(input, width, height, inside, outer, placed, meter);
}

function placeInside(input: LayoutInput, group: number, meter: Meter): Inside {
  const boxes = [...input.parent.keys()].filter((v) => input.parent[v] === group);
  const local = new Map(boxes.map((v, i) => [v, i]));
  const pin: number[] = boxes.map(() => 0);
  const doors = new Map<string, number>();
  const doorOf = (other: number, side: -1 | 1): number => {
    const key = `${side} ${topBox(input, other)}`;
    const known = doors.get(key);
    if (known !== undefined) return known;
    doors.set(key, pin.length);
    return pin.push(side) - 1;
  };
  const links: number[] = [];
  const ends: number[] = [];
  const atDoor = new Map<number, number>();
  input.from.forEach((from, e) => {
    const a = local.get(from);
    const b = local.get(input.to[e]!);
    if (a === undefined && b === undefined) return;
    const door =
      a === undefined ? doorOf(from, -1) : b === undefined ? doorOf(input.to[e]!, 1) : -1;
    if (door >= 0) atDoor.set(e, door);
    links.push(e);
    ends.push(a ?? door, b ?? door);
  });
  const size = (all: Float64Array, empty: number): Float64Array =>
    Float64Array.from(pin, (_, i) => (i < boxes.length ? all[boxes[i]!]! : empty));
  const end = (side: 0 | 1, all: Float64Array): Float64Array =>
    Float64Array.from(links, (e, i) => (ends[2 * i + side]! < boxes.length ? all[e]! : 0));
  const placed = placeParts(
    {
      width: size(input.width, 0),
      height: size(input.height, 0),
      hint: size(input.hint, NaN),
      pin: Int8Array.from(pin),
      from: Int32Array.from(links, (_, i) => ends[2 * i]!),
      to: Int32Array.from(links, (_, i) => ends[2 * i + 1]!),
      fromY: end(0, input.fromY),
      toY: end(1, input.toY),
      bundle: Int32Array.from(links, (e) => input.bundle[e]!),
    },
    meter,
  );
  return {
    boxes,
    local,
    placed,
    link: new Map(links.map((e, i) => [e, i])),
    door: new Map([...atDoor].map(([e, door]) => [e, placed.y[door]!])),
  };
}

const topBox = (input: LayoutInput, v: number): number =>
  input.parent[v]! >= 0 ? input.parent[v]! : v;

interface Outer {
  readonly level: Level;
  readonly boxes: Int32Array;
  readonly local: Int32Array;
  /** By link: its number in the outer level, or -1 where it stays inside a group. */
  readonly link: Int32Array;
}

function outerLevel(
  input: LayoutInput,
  width: Float64Array,
  height: Float64Array,
  inside: ReadonlyMap<number, Inside>,
): Outer {
  const boxes = Int32Array.from(input.parent.keys()).filter((v) => input.parent[v]! < 0);
  const local = new Int32Array(input.parent.length).fill(-1);
  boxes.forEach((v, i) => (local[v] = i));
  const link = new Int32Array(input.from.length).fill(-1);
  const kept: number[] = [];
  input.from.forEach((v, e) => {
    if (topBox(input, v) !== topBox(input, input.to[e]!)) link[e] = kept.push(e) - 1;
  });
  const endY = (v: number, e: number, own: Float64Array): number => {
    const group = inside.get(input.parent[v]!);
    if (group) return FRAME_HEAD + group.door.get(e)!;
    return inside.has(v) ? FRAME_HEAD / 2 : own[e]!;
  };
  const level: Level = {
    width: Float64Array.from(boxes, (v) => width[v]!),
    height: Float64Array.from(boxes, (v) => height[v]!),
    hint: Float64Array.from(boxes, (v) => input.hint[v]!),
    pin: new Int8Array(boxes.length),
    from: Int32Array.from(kept, (e) => local[topBox(input, input.from[e]!)]!),
    to: Int32Array.from(kept, (e) => local[topBox(input, input.to[e]!)]!),
    fromY: Float64Array.from(kept, (e) => endY(input.from[e]!, e, input.fromY)),
    toY: Float64Array.from(kept, (e) => endY(input.to[e]!, e, input.toY)),
    bundle: Int32Array.from(kept, (e) => input.bundle[e]!),
  };
  return { level, boxes, local, link };
}

function joined(
  input: LayoutInput,
  width: Float64Array,
  height: Float64Array,
  inside: ReadonlyMap<number, Inside>,
  outer: Outer,
  placed: Placed,
  meter: Meter,
): Layout {
  const x = new Float64Array(width.length);
  const y = new Float64Array(width.length);
  outer.boxes.forEach((v, i) => {
    x[v] = placed.x[i]!;
    y[v] = placed.y[i]!;
  });
  for (const [group, one] of inside) {
    one.boxes.forEach((v, i) => {
      x[v] = x[group]! + innerLeft(width[group]!, one) + one.placed.x[i]!;
      y[v] = y[group]! + FRAME_HEAD + one.placed.y[i]!;
    });
  }
  const innerRoute = (v: number, e: number): number[] => {
    const group = input.parent[v]!;
    const one = inside.get(group);
    const i = one?.link.get(e);
    if (!one || i === undefined) return [];
    const [dx, dy] = [x[group]! + innerLeft(width[group]!, one), y[group]! + FRAME_HEAD];
    return Array.from(one.placed.routes[i]!, (value, j) => value + (j % 2 ? dy : dx));
  };
  const drawn = input.from.length - input.silent;
  const start = new Int32Array(drawn + 1);
  const back = new Uint8Array(drawn);
  const points: number[] = [];
  for (let e = 0; e < drawn; e++) {
    const o = outer.link[e]!;
    const route =
      o < 0
        ? innerRoute(input.from[e]!, e)
        : [...innerRoute(input.from[e]!, e), ...placed.routes[o]!, ...innerRoute(input.to[e]!, e)];
    back[e] = o < 0 ? innerBack(input, inside, e) : placed.back[o]!;
    for (const value of route) points.push(value);
    start[e + 1] = points.length / 2;
  }
  return {
    x,
    y,
    width,
    height,
    back,
    start,
    route: Float64Array.from(points),
    totalWidth: placed.totalWidth,
    totalHeight: placed.totalHeight,
    work: meter.work,
  };
}

const innerLeft = (width: number, one: Inside): number => (width - one.placed.totalWidth) / 2;

function innerBack(input: LayoutInput, inside: ReadonlyMap<number, Inside>, e: number): number {
  const one = inside.get(input.parent[input.from[e]!]!);
  const i = one?.link.get(e);
  return one && i !== undefined ? one.placed.back[i]! : 0;
}
