/** The canvas of the small map: spots drawn once a layout, the window's frame on top. */

import { frameOf, type Look } from '../draw/look';
import { drawSpots, drawView, mapPlace } from '../draw/minimap';
import type { Size } from '../interact/camera';
import type { Camera } from '../types';

export class MapLayer {
  private canvas: HTMLCanvasElement | null = null;
  private spots: HTMLCanvasElement | null = null;

  use(canvas: HTMLCanvasElement | null): void {
    this.canvas = canvas;
    this.spots = null;
  }

  /** Says that the spots are old. */
  forget(): void {
    this.spots = null;
  }

  draw(look: Look, camera: Camera, size: Size, ratio: number): void {
    const pen = this.canvas?.getContext('2d');
    if (!this.canvas || !pen) return;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const at = mapPlace(look, width, height);
    if (this.spots?.width !== Math.round(width * ratio)) {
      this.spots = document.createElement('canvas');
      this.spots.width = Math.round(width * ratio);
      this.spots.height = Math.round(height * ratio);
      const own = this.spots.getContext('2d');
      own?.scale(ratio, ratio);
      if (own) drawSpots(own, look, at);
    }
    if (!this.spots?.width || !this.spots.height) return;
    this.canvas.width = this.spots.width;
    this.canvas.height = this.spots.height;
    pen.drawImage(this.spots, 0, 0);
    pen.scale(ratio, ratio);
    drawView(pen, look, at, frameOf(camera, size.width, size.height));
  }

  /** The point of the drawing under a point of the map. */
  pick(look: Look, px: number, py: number): { x: number; y: number } | null {
    if (!this.canvas) return null;
    const at = mapPlace(look, this.canvas.clientWidth, this.canvas.clientHeight);
    return { x: (px - at.left) / at.scale, y: (py - at.top) / at.scale };
  }
}
