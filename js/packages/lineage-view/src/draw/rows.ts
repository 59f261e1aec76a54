/** Draws the columns inside a dataset. */

import { CARD_HEIGHT, ROW_HEIGHT, rowMiddle } from '../model/size';
import type { Level } from './level';
import type { Look } from './look';
import type { Pen } from './pen';

export function drawRows(pen: Pen, look: Look, v: number, level: Level): void {
  const box = look.scene.boxes[v]!;
  const { palette, fitter } = look;
  const [x, y] = [look.x[v]!, look.y[v]!];
  pen.strokeStyle = palette.border;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x + 1, y + CARD_HEIGHT);
  pen.lineTo(x + box.width - 1, y + CARD_HEIGHT);
  pen.stroke();
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.font = `${level === 'name' ? 14 : 11.5}px ${palette.font}`;
  box.rows.forEach((row, i) => {
    const middle = y + rowMiddle(i);
    const joined = row.node >= 0;
    if (joined && row.node === look.selectedNode) {
      pen.fillStyle = palette.tint.data;
      pen.fillRect(x + 2, middle - ROW_HEIGHT / 2, box.width - 4, ROW_HEIGHT);
    }
    pen.fillStyle = joined ? palette.family.data : palette.border;
    pen.beginPath();
    pen.arc(x + 20, middle, joined ? 3 : 2.5, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = joined ? palette.text : palette.muted;
    pen.fillText(fitter.fit(row.name, pen.font, box.width - 46), x + 32, middle + 0.5);
  });
  if (box.moreRows > 0) {
    pen.fillStyle = palette.muted;
    pen.font = `11px ${palette.font}`;
    const text = `and ${box.moreRows.toLocaleString('en')} more`;
    pen.fillText(text, x + 32, y + rowMiddle(box.rows.length) - 2);
  }
}
