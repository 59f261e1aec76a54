/** The way of a link as smooth curves: level at each stop, straight where it passes a column. */

import type { Look } from './look';
import type { Pen } from './pen';

/** The points of a link: as planned, or between the boxes' present places while they move. */
export function pointsOf(look: Look, e: number): Float64Array {
  const { layout, scene, x, y, progress } = look;
  const planned = layout.route.subarray(2 * layout.start[e]!, 2 * layout.start[e + 1]!);
  if (progress >= 1 || planned.length < 4) return planned;
  const { from, to } = scene.links[e]!;
  const points = planned.slice();
  const n = points.length / 2;
  for (let i = 0; i < n; i++) {
    const t = n === 1 ? 0 : i / (n - 1);
    points[2 * i]! += (x[from]! - layout.x[from]!) * (1 - t) + (x[to]! - layout.x[to]!) * t;
    points[2 * i + 1]! += (y[from]! - layout.y[from]!) * (1 - t) + (y[to]! - layout.y[to]!) * t;
  }
  return points;
}

/** Adds the curve to the pen's path. */
export function trace(pen: Pen, points: Float64Array): void {
  if (points.length < 4) return;
  pen.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    if (Math.abs(y1 - y0) < 0.5) {
      pen.lineTo(x1, y1);
      continue;
    }
    const reach = (x1 - x0) * 0.5;
    pen.bezierCurveTo(x0 + reach, y0, x1 - reach, y1, x1, y1);
  }
}

/** The same with straight lines, for pictures too small to show a curve. */
export function traceStraight(pen: Pen, points: Float64Array): void {
  pen.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) pen.lineTo(points[i]!, points[i + 1]!);
}

/** How far a point is from the curve. */
export function distanceTo(points: Float64Array, px: number, py: number): number {
  let least = Infinity;
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    let [ax, ay] = [x0, y0];
    for (let step = 1; step <= 12; step++) {
      const t = step / 12;
      const bx = x0 + (x1 - x0) * (1.5 * t * (1 - t) + t ** 3);
      const by = y0 + (y1 - y0) * t * t * (3 - 2 * t);
      least = Math.min(least, toSegment(px, py, ax, ay, bx, by));
      [ax, ay] = [bx, by];
    }
  }
  return least;
}

function toSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}
