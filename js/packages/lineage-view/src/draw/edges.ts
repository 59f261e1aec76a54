/** Draws the links: solid where observed, dashed where declared, dotted where inferred. */

import type { Level } from './level';
import type { Frame, Look } from './look';
import type { Pen } from './pen';
import { pointsOf, trace, traceStraight } from './curve';
import type { Bounds } from './bounds';

const CHUNK = 160;
export const DASHES: readonly (readonly number[])[] = [[], [7, 5], [0.1, 5]];

interface Style {
  readonly colour: string;
  readonly known: number;
  readonly width: number;
  readonly alpha: number;
}

/** All links in view; those that stand out (hover, path, selection) come last, on top. */
export function drawEdges(
  pen: Pen,
  look: Look,
  bounds: Bounds,
  view: Frame,
  zoom: number,
  level: Level,
): void {
  const plain = new Map<string, { style: Style; links: number[] }>();
  const special: { style: Style; link: number }[] = [];
  const { links } = look.scene;
  for (let e = 0; e < links.length; e++) {
    if (!bounds.linkInView(e, view)) continue;
    const style = styleOf(look, e, zoom);
    if (isSpecial(look, e)) {
      special.push({ style, link: e });
      continue;
    }
    const key = `${style.colour} ${style.known} ${style.width} ${style.alpha}`;
    const group = plain.get(key);
    if (group) group.links.push(e);
    else plain.set(key, { style, links: [e] });
  }
  for (const { style, links: group } of plain.values())
    drawGroup(pen, look, style, group, zoom, level);
  for (const { style, link } of special) drawGroup(pen, look, style, [link], zoom, level);
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

/** One link by itself, over what is drawn already. */
export function drawLink(pen: Pen, look: Look, e: number, zoom: number, level: Level): void {
  if (e >= look.scene.links.length) return;
  drawGroup(pen, look, styleOf(look, e, zoom), [e], zoom, level);
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

function isSpecial(look: Look, e: number): boolean {
  const { from, to } = look.scene.links[e]!;
  return (
    look.hoverLink === e ||
    look.path?.link[e] === 1 ||
    (look.selected >= 0 && (from === look.selected || to === look.selected))
  );
}

function styleOf(look: Look, e: number, zoom: number): Style {
  const { palette } = look;
  const link = look.scene.links[e]!;
  const strong = isSpecial(look, e);
  const back = look.layout.back[e] === 1 && !link.mutual;
  const lit = !look.light || look.light.link[e] === 1;
  const thin = link.quiet ? 1.1 : 1.6;
  const width = Math.max(strong ? thin + 0.9 : thin, (strong ? 1.6 : 0.8) / zoom);
  const colour = strong ? palette.accent : back ? palette.back : palette.edge;
  const faint = link.quiet && !strong ? 0.5 : zoom < 0.11 ? 0.6 : 0.95;
  return { colour, known: link.known, width, alpha: lit ? faint : 0.12 };
}

function drawGroup(
  pen: Pen,
  look: Look,
  style: Style,
  group: readonly number[],
  zoom: number,
  level: Level,
): void {
  const small = level === 'dot';
  pen.strokeStyle = style.colour;
  pen.globalAlpha = style.alpha;
  pen.lineWidth = style.width;
  pen.lineCap = style.known === 2 ? 'round' : 'butt';
  const k = Math.max(1, 0.5 / zoom);
  pen.setLineDash(small ? [] : DASHES[style.known]!.map((length) => length * k));
  for (let i = 0; i < group.length; i += CHUNK) {
    pen.beginPath();
    for (const e of group.slice(i, i + CHUNK)) {
      const points = pointsOf(look, e);
      if (points.length < 4 || isShadow(look, e)) continue;
      if (small) traceStraight(pen, points);
      else trace(pen, points);
    }
    pen.stroke();
  }
  if (level === 'name' || level === 'full') drawHeads(pen, look, style, group);
}

/** Of two links there and back, on one way, only the first is drawn as a line. */
function isShadow(look: Look, e: number): boolean {
  return look.scene.links[e]!.mutual && look.layout.back[e] === 1;
}

/** An arrow head at the effect: data flows towards it. */
function drawHeads(pen: Pen, look: Look, style: Style, group: readonly number[]): void {
  pen.fillStyle = style.colour;
  pen.beginPath();
  const size = 4 + style.width * 1.6;
  for (const e of group) {
    const points = pointsOf(look, e);
    const n = points.length;
    if (n < 4) continue;
    const [x, y] = [points[n - 2]!, points[n - 1]!];
    const way = points[n - 4]! <= x ? -1 : 1;
    pen.moveTo(x, y);
    pen.lineTo(x + way * size, y - size * 0.55);
    pen.lineTo(x + way * size, y + size * 0.55);
    pen.closePath();
  }
  pen.fill();
}
