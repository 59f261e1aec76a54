/** Draws an open group: a box around what it holds, with the one that heads it on top. */

import { familyOf, iconOf } from '../model/family';
import { FRAME_HEAD } from '../model/size';
import { detailParts, nameOf } from '../model/words';
import { outline } from './card';
import { drawIcon } from './icons';
import type { Level } from './level';
import type { Look } from './look';
import type { Pen } from './pen';

export function drawFrame(pen: Pen, look: Look, v: number, level: Level): void {
  const box = look.scene.boxes[v]!;
  const node = look.scene.graph.nodes[box.node]!;
  const { palette, layout, fitter } = look;
  const [x, y, width, height] = [look.x[v]!, look.y[v]!, layout.width[v]!, layout.height[v]!];
  const colour = palette.family[familyOf(node)];
  pen.fillStyle = palette.frame;
  outline(pen, x, y, width, height, 16);
  pen.fill();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.4;
  pen.stroke();
  if (level === 'dot' || level === 'block') return;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.lineWidth = 1.5;
  drawIcon(pen, iconOf(node), x + 16, y + FRAME_HEAD / 2 - 8, 16);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.font = `600 13px ${palette.font}`;
  pen.fillStyle = palette.text;
  const room = width - 40 - 90;
  const name = fitter.fit(nameOf(node), pen.font, room);
  pen.fillText(name, x + 40, y + FRAME_HEAD / 2);
  const used = fitter.measure(name, pen.font) + 12;
  if (room - used < 60) return;
  pen.font = `11px ${palette.font}`;
  pen.fillStyle = palette.muted;
  pen.fillText(
    fitter.fitParts(detailParts(node), pen.font, room - used),
    x + 40 + used,
    y + FRAME_HEAD / 2 + 0.5,
  );
}
