/** Where boxes and links lie, for what can be seen and what the pointer is on. */

import type { Layout } from '../layout/types';
import type { Frame } from './look';

const CELL = 320;
const SLACK = 40;

export class Bounds {
  private readonly linkBox: Float64Array;
  private readonly cells = new Map<string, number[]>();

  constructor(private readonly layout: Layout) {
    const links = layout.start.length - 1;
    this.linkBox = new Float64Array(4 * links);
    for (let e = 0; e < links; e++) this.measure(e);
    for (let v = 0; v < layout.x.length; v++) this.enter(v);
  }

  linkInView(e: number, view: Frame): boolean {
    const b = this.linkBox;
    return (
      b[4 * e]! <= view.right &&
      b[4 * e + 2]! >= view.left &&
      b[4 * e + 1]! <= view.bottom &&
      b[4 * e + 3]! >= view.top
    );
  }

  linkNear(e: number, x: number, y: number, distance: number): boolean {
    return this.linkInView(e, {
      left: x - distance,
      right: x + distance,
      top: y - distance,
      bottom: y + distance,
    });
  }

  /** The boxes that may hold the point, with `slack` around them; inner ones last. */
  boxesAt(x: number, y: number, slack: number): number[] {
    const found = this.cells.get(`${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`) ?? [];
    const { x: left, y: top, width, height } = this.layout;
    return found.filter(
      (v) =>
        x >= left[v]! - slack &&
        x <= left[v]! + width[v]! + slack &&
        y >= top[v]! - slack &&
        y <= top[v]! + height[v]! + slack,
    );
  }

  private measure(e: number): void {
    const { route, start } = this.layout;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = start[e]!; i < start[e + 1]!; i++) {
      left = Math.min(left, route[2 * i]!);
      right = Math.max(right, route[2 * i]!);
      top = Math.min(top, route[2 * i + 1]!);
      bottom = Math.max(bottom, route[2 * i + 1]!);
    }
    this.linkBox.set([left - 8, top - 8, right + 8, bottom + 8], 4 * e);
  }

  private enter(v: number): void {
    const { x, y, width, height } = this.layout;
    const last = {
      x: Math.floor((x[v]! + width[v]! + SLACK) / CELL),
      y: Math.floor((y[v]! + height[v]! + SLACK) / CELL),
    };
    for (let i = Math.floor((x[v]! - SLACK) / CELL); i <= last.x; i++) {
      for (let j = Math.floor((y[v]! - SLACK) / CELL); j <= last.y; j++) {
        const key = `${i} ${j}`;
        const list = this.cells.get(key);
        if (list) list.push(v);
        else this.cells.set(key, [v]);
      }
    }
  }
}
