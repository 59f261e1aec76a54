/** A drawn picture, larger than the window while one pans, so that a pan only copies it. */

import type { Size } from '../interact/camera';
import type { Camera } from '../types';

/** How much wider than the window, on each side, while one pans. */
const MARGIN = 0.35;
/** A zoomed copy stands in for a new picture within these factors. */
const STRETCH = 1.7;
const SLOW_MS = 9;

export class Sheet {
  private readonly canvas = document.createElement('canvas');
  private camera: Camera | null = null;
  private width = 0;
  private height = 0;
  private ratio = 1;
  private cost = 0;

  /** Says that what is drawn is old. */
  forget(): void {
    this.camera = null;
  }

  /** Copies the sheet to the pen if it shows all of the window at this zoom. */
  copy(pen: CanvasRenderingContext2D, camera: Camera, size: Size): boolean {
    if (!this.camera || this.camera.zoom !== camera.zoom) return false;
    const spareX = (this.width - size.width) / 2;
    const spareY = (this.height - size.height) / 2;
    const dx = (this.camera.x - camera.x) * camera.zoom;
    const dy = (this.camera.y - camera.y) * camera.zoom;
    if (Math.abs(dx) > spareX + 0.5 || Math.abs(dy) > spareY + 0.5) return false;
    const whole = (n: number): number => Math.round(n * this.ratio);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.canvas, whole(dx - spareX), whole(dy - spareY));
    return true;
  }

  /** Copies it stretched, if drawing anew was slow; the caller draws sharply a moment later. */
  stretch(pen: CanvasRenderingContext2D, camera: Camera, size: Size, ground: string): boolean {
    const was = this.camera;
    if (!was || this.cost < SLOW_MS) return false;
    const k = camera.zoom / was.zoom;
    if (k > STRETCH || k < 1 / STRETCH) return false;
    const left = size.width / 2 + (was.x - camera.x) * camera.zoom - (this.width / 2) * k;
    const top = size.height / 2 + (was.y - camera.y) * camera.zoom - (this.height / 2) * k;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.fillStyle = ground;
    pen.fillRect(0, 0, size.width, size.height);
    pen.drawImage(this.canvas, left, top, this.width * k, this.height * k);
    return true;
  }

  /** Draws the sheet anew around the camera. */
  render(
    camera: Camera,
    size: Size,
    ratio: number,
    panning: boolean,
    draw: (pen: CanvasRenderingContext2D, width: number, height: number) => void,
  ): void {
    const start = performance.now();
    const scale = panning ? 1 + 2 * MARGIN : 1;
    this.ratio = ratio;
    this.width = Math.round(size.width * scale);
    this.height = Math.round(size.height * scale);
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const pen = this.canvas.getContext('2d', { alpha: false });
    if (!pen) return;
    draw(pen, this.width, this.height);
    this.camera = camera;
    this.cost = performance.now() - start;
  }
}
