/** Splits a level into parts that hang together, lays each out, and packs them on shelves. */

import { placeLevel } from './level';
import type { Level, Meter, Placed } from './types';

const PART_GAP = 56;
const LONE_GAP = 22;
/** Width over height that the packed whole tends to. */
const ASPECT = 1.7;

export function placeParts(level: Level, meter: Meter): Placed {
  const part = partsOf(level, meter);
  const count = part.reduce((most, p) => Math.max(most, p), -1) + 1;
  if (count <= 1 || level.pin.some((pin) => pin !== 0)) return placeLevel(level, meter);
  const boxes: number[][] = Array.from({ length: count }, () => []);
  const links: number[][] = Array.from({ length: count }, () => []);
  part.forEach((p, v) => boxes[p]!.push(v));
  level.from.forEach((v, e) => links[part[v]!]!.push(e));
  const local = new Int32Array(part.length);
  const placed = boxes.map((own, p) => {
    own.forEach((v, i) => (local[v] = i));
    return own.length === 1 && links[p]!.length === 0
      ? lone(level, own[0]!)
      : placeLevel(sliced(level, own, links[p]!, local), meter);
  });
  return packed(level, boxes, links, placed);
}

/** By box: the number of its part, in order of their first boxes. */
function partsOf(level: Level, meter: Meter): Int32Array {
  const parent = Int32Array.from(level.width.keys());
  const find = (v: number): number => {
    let at = v;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
      meter.work++;
    }
    return at;
  };
  level.from.forEach((v, e) => {
    const a = find(v);
    const b = find(level.to[e]!);
    parent[Math.max(a, b)] = Math.min(a, b);
  });
  const number = new Int32Array(parent.length).fill(-1);
  let next = 0;
  return parent.map((_, v) => {
    const root = find(v);
    if (number[root] === -1) number[root] = next++;
    return number[root]!;
  });
}

function lone(level: Level, v: number): Placed {
  return {
    x: new Float64Array(1),
    y: new Float64Array(1),
    routes: [],
    back: new Uint8Array(0),
    totalWidth: level.width[v]!,
    totalHeight: level.height[v]!,
  };
}

function sliced(level: Level, boxes: number[], links: number[], local: Int32Array): Level {
  const byBox = (all: Float64Array): Float64Array => Float64Array.from(boxes, (v) => all[v]!);
  const byLink = (all: Float64Array): Float64Array => Float64Array.from(links, (e) => all[e]!);
  return {
    width: byBox(level.width),
    height: byBox(level.height),
    hint: byBox(level.hint),
    pin: Int8Array.from(boxes, (v) => level.pin[v]!),
    from: Int32Array.from(links, (e) => local[level.from[e]!]!),
    to: Int32Array.from(links, (e) => local[level.to[e]!]!),
    bundle: Int32Array.from(links, (e) => level.bundle[e]!),
    fromY: byLink(level.fromY),
    toY: byLink(level.toY),
  };
}

function packed(
  level: Level,
  boxes: readonly number[][],
  links: readonly number[][],
  placed: readonly Placed[],
): Placed {
  const x = new Float64Array(level.width.length);
  const y = new Float64Array(level.width.length);
  const routes: Float64Array[] = new Array<Float64Array>(level.from.length);
  const back = new Uint8Array(level.from.length);
  const at = shelves(placed);
  placed.forEach((one, p) => {
    const [dx, dy] = at.corner[p]!;
    boxes[p]!.forEach((v, i) => {
      x[v] = one.x[i]! + dx;
      y[v] = one.y[i]! + dy;
    });
    links[p]!.forEach((e, i) => {
      routes[e] = one.routes[i]!.map((value, j) => value + (j % 2 ? dy : dx));
      back[e] = one.back[i]!;
    });
  });
  return { x, y, routes, back, totalWidth: at.width, totalHeight: at.height };
}

/** Large parts first, one under the other; small ones side by side as far as there is room. */
function shelves(placed: readonly Placed[]): {
  corner: [number, number][];
  width: number;
  height: number;
} {
  const gap = (one: Placed): number => (one.routes.length ? PART_GAP : LONE_GAP);
  const area = placed.reduce(
    (sum, one) => sum + (one.totalWidth + gap(one)) * (one.totalHeight + gap(one)),
    0,
  );
  const widest = placed.reduce((most, one) => Math.max(most, one.totalWidth), 0);
  const limit = Math.max(widest, Math.sqrt(area * ASPECT));
  const order = [...placed.keys()].sort(
    (a, b) =>
      placed[b]!.routes.length - placed[a]!.routes.length ||
      placed[b]!.totalHeight - placed[a]!.totalHeight ||
      a - b,
  );
  const corner: [number, number][] = new Array<[number, number]>(placed.length);
  let [x, y, shelf, width, height] = [0, 0, 0, 0, 0];
  for (const p of order) {
    const one = placed[p]!;
    if (x > 0 && x + one.totalWidth > limit) {
      y += shelf;
      [x, shelf] = [0, 0];
    }
    corner[p] = [x, y];
    width = Math.max(width, x + one.totalWidth);
    height = Math.max(height, y + one.totalHeight);
    shelf = Math.max(shelf, one.totalHeight + gap(one));
    x += one.totalWidth + gap(one);
  }
  return { corner, width, height };
}
