/** A small map of the whole drawing, with the part in view framed. */

import { familyOf } from '../model/family';
import type { Frame, Look } from './look';
import type { Pen } from './pen';

export interface MapPlace {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** How the whole drawing fits into a map of this size. */
export function mapPlace(look: Look, width: number, height: number): MapPlace {
  const { totalWidth, totalHeight } = look.layout;
  const scale = Math.min(
    (width - 12) / Math.max(1, totalWidth),
    (height - 12) / Math.max(1, totalHeight),
  );
  return { scale, left: (width - totalWidth * scale) / 2, top: (height - totalHeight * scale) / 2 };
}

export function drawSpots(pen: Pen, look: Look, at: MapPlace): void {
  const { x, y, layout, palette, scene } = look;
  pen.globalAlpha = 0.85;
  for (let v = 0; v < x.length; v++) {
    const box = scene.boxes[v]!;
    const framed = box.kind === 'frame';
    pen.fillStyle = framed
      ? palette.border
      : palette.family[familyOf(scene.graph.nodes[box.node]!)];
    const width = Math.max(1.4, layout.width[v]! * at.scale);
    const height = Math.max(1.2, layout.height[v]! * at.scale);
    pen.fillRect(at.left + x[v]! * at.scale, at.top + y[v]! * at.scale, width, height);
  }
  pen.globalAlpha = 1;
}

export function drawView(pen: Pen, look: Look, at: MapPlace, view: Frame): void {
  pen.strokeStyle = look.palette.accent;
  pen.lineWidth = 1.5;
  pen.beginPath();
  const [x, y] = [at.left + view.left * at.scale, at.top + view.top * at.scale];
  pen.roundRect(x, y, (view.right - view.left) * at.scale, (view.bottom - view.top) * at.scale, 2);
  pen.stroke();
}
