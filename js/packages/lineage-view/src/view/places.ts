/** Places of boxes that move calmly from one layout to the next. */

import { eased } from '../interact/camera';
import type { Layout } from '../layout/types';
import type { Scene } from '../model/scene';

export const MOVE_MS = 340;
/** More boxes than this do not glide: each frame would cost too much. */
export const MOST_MOVING = 2500;

export class Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly isNew: Uint8Array;
  progress = 1;
  private readonly startX: Float64Array;
  private readonly startY: Float64Array;

  constructor(
    readonly scene: Scene,
    readonly layout: Layout,
    before: Places | null,
    anchor: string | null,
  ) {
    this.x = layout.x.slice();
    this.y = layout.y.slice();
    this.startX = layout.x.slice();
    this.startY = layout.y.slice();
    this.isNew = new Uint8Array(layout.x.length);
    if (before) this.startFrom(before, this.shift(before, anchor));
  }

  /** How far the anchor's place is from where it was, so that the camera can go along. */
  shift(before: Places, anchor: string | null): { dx: number; dy: number } {
    const was = anchor === null ? -1 : before.boxOf(anchor);
    const is = anchor === null ? -1 : this.boxOf(anchor);
    if (was < 0 || is < 0) return { dx: 0, dy: 0 };
    return { dx: this.layout.x[is]! - before.x[was]!, dy: this.layout.y[is]! - before.y[was]! };
  }

  boxOf(id: string): number {
    const v = this.scene.graph.index.get(id);
    return v === undefined ? -1 : this.scene.boxOf[v]!;
  }

  /** Moves all to where they are at t, from 0 to 1. */
  move(t: number): void {
    this.progress = eased(t);
    const k = this.progress;
    const { layout, startX, startY } = this;
    for (let v = 0; v < this.x.length; v++) {
      this.x[v] = startX[v]! + (layout.x[v]! - startX[v]!) * k;
      this.y[v] = startY[v]! + (layout.y[v]! - startY[v]!) * k;
    }
  }

  /** How far to the side new boxes lie out of sight, no further than keeps `from` in it. */
  wayToNew(from: number, left: number, right: number): number {
    const { x, width } = this.layout;
    const margin = 40;
    let [least, most] = [Infinity, -Infinity];
    for (let v = 0; v < x.length; v++) {
      if (!this.isNew[v]) continue;
      least = Math.min(least, x[v]! - margin);
      most = Math.max(most, x[v]! + width[v]! + margin);
    }
    const fits = x[from]! >= left && x[from]! + width[from]! <= right;
    if (!fits || least > most) return 0;
    if (least < left) return Math.max(least - left, x[from]! + width[from]! + margin - right);
    return most > right ? Math.min(most - right, x[from]! - margin - left) : 0;
  }

  private startFrom(before: Places, { dx, dy }: { dx: number; dy: number }): void {
    this.scene.boxes.forEach((box, v) => {
      const was = before.boxOf(box.id);
      if (was < 0) {
        this.isNew[v] = 1;
        return;
      }
      this.startX[v] = before.x[was]! + dx;
      this.startY[v] = before.y[was]! + dy;
    });
  }
}
