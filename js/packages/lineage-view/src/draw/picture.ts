/** Draws one picture of the part in view: frames, links, cards, marks. */

import { FAMILIES, familyOf } from '../model/family';
import type { Bounds } from './bounds';
import { drawCard } from './card';
import { drawEdges, drawLink } from './edges';
import { drawFrame } from './frames';
import { levelOf, type Level } from './level';
import type { Frame, Look } from './look';
import { drawGap, drawHandle, drawRings } from './marks';
import type { Pen } from './pen';

/** The pen's units are those of the drawing; `zoom` says how many pixels one has. */
export function drawPicture(pen: Pen, look: Look, bounds: Bounds, view: Frame, zoom: number): void {
  const level = levelOf(zoom);
  const seen = inView(look, view);
  const { boxes } = look.scene;
  for (const v of seen)
    if (boxes[v]!.kind === 'frame') faded(pen, look, v, () => drawFrame(pen, look, v, level));
  if (look.progress < 1) pen.globalAlpha = look.progress;
  drawEdges(pen, look, bounds, view, zoom, level);
  if (level === 'dot') drawDots(pen, look, seen, zoom);
  else drawCards(pen, look, seen, level);
  for (const v of seen) {
    if (isMarked(look, v)) drawRings(pen, look, v, zoom);
    if (level === 'full' || level === 'name') drawSigns(pen, look, v);
  }
  pen.globalAlpha = 1;
}

function inView(look: Look, view: Frame): number[] {
  const { x, y, layout } = look;
  const seen: number[] = [];
  for (let v = 0; v < x.length; v++) {
    if (x[v]! - 12 > view.right || y[v]! - 12 > view.bottom) continue;
    if (x[v]! + layout.width[v]! + 12 < view.left) continue;
    if (y[v]! + layout.height[v]! + 12 < view.top) continue;
    seen.push(v);
  }
  return seen;
}

const isMarked = (look: Look, v: number): boolean =>
  look.selected === v || look.hoverBox === v || look.focus.has(v) || look.found.has(v);

function alphaOf(look: Look, v: number): number {
  const fresh = look.isNew?.[v] && look.progress < 1 ? look.progress : 1;
  return look.light && !look.light.box[v] ? 0.22 * fresh : fresh;
}

function faded(pen: Pen, look: Look, v: number, draw: () => void): void {
  pen.globalAlpha = alphaOf(look, v);
  draw();
  pen.globalAlpha = 1;
}

function drawCards(pen: Pen, look: Look, seen: readonly number[], level: Level): void {
  for (const v of seen) {
    if (look.scene.boxes[v]!.kind === 'frame') continue;
    faded(pen, look, v, () => drawCard(pen, look, v, level));
  }
}

/** Far away each box is a spot of its family's colour, one colour after the other. */
function drawDots(pen: Pen, look: Look, seen: readonly number[], zoom: number): void {
  const { boxes, graph } = look.scene;
  const { x, y, layout, palette } = look;
  const spots = new Map(FAMILIES.map((family) => [family, [] as number[]]));
  for (const v of seen) {
    if (boxes[v]!.kind !== 'frame') spots.get(familyOf(graph.nodes[boxes[v]!.node]!))!.push(v);
  }
  const least = 1.5 / zoom;
  for (const [family, all] of spots) {
    pen.fillStyle = palette.family[family];
    for (const v of all) {
      pen.globalAlpha = alphaOf(look, v);
      pen.fillRect(
        x[v]!,
        y[v]!,
        Math.max(least, layout.width[v]!),
        Math.max(least, layout.height[v]!),
      );
    }
  }
  pen.globalAlpha = 1;
}

/** What the pointer is on, over a picture that was drawn without it. */
export function drawHover(pen: Pen, look: Look, zoom: number): void {
  const level = levelOf(zoom);
  if (look.hoverLink >= 0) drawLink(pen, look, look.hoverLink, zoom, level);
  if (look.hoverBox < 0 || look.hoverBox >= look.x.length) return;
  drawRings(pen, look, look.hoverBox, zoom);
  if (level === 'full' || level === 'name') drawSigns(pen, look, look.hoverBox);
}

function drawSigns(pen: Pen, look: Look, v: number): void {
  drawGap(pen, look, v);
  const near = look.hoverBox === v || look.selected === v;
  for (const handle of look.handles(v)) if (near || handle.always) drawHandle(pen, look, v, handle);
}
