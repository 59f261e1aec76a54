/** Draws what stands around a card: rings, gap badges and the small buttons. */

import { outline, radiusOf } from './card';
import { HANDLE_FONT_SIZE, HANDLE_HEIGHT, type Handle } from './handles';
import type { Look } from './look';
import type { Pen } from './pen';

/** Rings, from the outside in: what the question was about, found, selected. */
export function drawRings(pen: Pen, look: Look, v: number, zoom: number): void {
  const { palette } = look;
  const least = 1.4 / zoom;
  if (look.focus.has(v)) ring(pen, look, v, 5, palette.accent, Math.max(1.5, least), 0.55);
  if (look.found.has(v) && look.selected !== v)
    ring(pen, look, v, 3, palette.found, Math.max(3, 1.6 * least), 1);
  if (look.hoverBox === v && look.selected !== v)
    ring(pen, look, v, 0, palette.accent, Math.max(1.4, least), 0.8);
  if (look.selected === v) {
    ring(pen, look, v, 3, palette.accent, Math.max(5, 2 * least), 0.22);
    ring(pen, look, v, 0, palette.accent, Math.max(2, least), 1);
  }
}

function ring(
  pen: Pen,
  look: Look,
  v: number,
  out: number,
  colour: string,
  width: number,
  alpha: number,
): void {
  const box = look.scene.boxes[v]!;
  const node = look.scene.graph.nodes[box.node]!;
  const [w, h] = [look.layout.width[v]!, look.layout.height[v]!];
  const radius = box.kind === 'frame' ? 16 : radiusOf(box, node.type);
  const before = pen.globalAlpha;
  pen.globalAlpha = before * alpha;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  outline(pen, look.x[v]! - out, look.y[v]! - out, w + 2 * out, h + 2 * out, radius + out);
  pen.stroke();
  pen.globalAlpha = before;
}

/** Something here was not recorded: a mark with how often. */
export function drawGap(pen: Pen, look: Look, v: number): void {
  const count = look.gaps.get(v);
  if (!count) return;
  const text = count > 1 ? `! ${count.toLocaleString('en')}` : '!';
  const { palette, fitter } = look;
  pen.font = `700 11px ${palette.font}`;
  const width = Math.max(18, fitter.measure(text, pen.font) + 12);
  const [x, y] = [look.x[v]! + look.layout.width[v]! - width + 4, look.y[v]! - 9];
  pen.fillStyle = palette.warn;
  outline(pen, x, y, width, 18, 9);
  pen.fill();
  pen.fillStyle = palette.background;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, x + width / 2, y + 9.5);
}

export function drawHandle(pen: Pen, look: Look, v: number, handle: Handle): void {
  const { palette } = look;
  const { x, y } = middleOf(look, v, handle);
  const hot = look.hoverHandle === `${v} ${handle.act} ${handle.side}`;
  const strong = handle.act === 'expand' || handle.act === 'reopen';
  pen.fillStyle = hot ? palette.accent : palette.card;
  pen.strokeStyle = hot || strong ? palette.accent : palette.border;
  pen.lineWidth = 1.3;
  outline(
    pen,
    x - handle.width / 2,
    y - HANDLE_HEIGHT / 2,
    handle.width,
    HANDLE_HEIGHT,
    HANDLE_HEIGHT / 2,
  );
  pen.fill();
  pen.stroke();
  pen.fillStyle = hot ? palette.card : strong ? palette.accent : palette.muted;
  pen.font = `600 ${HANDLE_FONT_SIZE}px ${palette.font}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(handle.text, x, y + 0.5);
}

function middleOf(look: Look, v: number, handle: Handle): { x: number; y: number } {
  const right = handle.atRight ? look.layout.width[v]! : 0;
  return { x: look.x[v]! + right + handle.x, y: look.y[v]! + handle.y };
}

/** Whether a point of the drawing is on the button. */
export function onHandle(look: Look, v: number, handle: Handle, px: number, py: number): boolean {
  const { x, y } = middleOf(look, v, handle);
  const slack = 4;
  return (
    Math.abs(px - x) <= handle.width / 2 + slack && Math.abs(py - y) <= HANDLE_HEIGHT / 2 + slack
  );
}
