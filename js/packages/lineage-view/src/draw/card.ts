/** Draws one card: its shape tells things from activities, its colour and icon the kind. */

import { familyOf, iconOf } from '../model/family';
import type { Box } from '../model/scene';
import { CARD_HEIGHT } from '../model/size';
import { detailParts, nameOf } from '../model/words';
import { drawIcon } from './icons';
import type { Level } from './level';
import type { Look } from './look';
import type { Pen } from './pen';
import { drawRows } from './rows';

const ICON_BOX = 32;

export function drawCard(pen: Pen, look: Look, v: number, level: Level): void {
  const box = look.scene.boxes[v]!;
  const node = look.scene.graph.nodes[box.node]!;
  const family = familyOf(node);
  const [x, y] = [look.x[v]!, look.y[v]!];
  const { palette } = look;
  const radius = radiusOf(box, node.type);
  const failed = node.attributes['status'] === 'failed';
  const state = node.attributes['state'];
  const isOld = state === 'stale' || state === 'edited';
  const isRunning = node.attributes['status'] === 'running';
  if (box.kind === 'stack') drawPile(pen, look, x, y, box, radius);
  if (level === 'full') {
    pen.fillStyle = palette.shadow;
    outline(pen, x, y + 2, box.width, box.height, radius);
    pen.fill();
  }
  pen.fillStyle = family === 'model' || level === 'block' ? palette.tint[family] : palette.card;
  outline(pen, x, y, box.width, box.height, radius);
  pen.fill();
  pen.strokeStyle = failed
    ? palette.bad
    : isRunning
      ? palette.accent
      : isOld
        ? palette.warn
        : level === 'block' || family === 'model'
          ? palette.family[family]
          : palette.border;
  pen.lineWidth = family === 'model' || failed || isOld || isRunning ? 1.6 : 1.2;
  pen.stroke();
  if (level === 'block') {
    pen.fillStyle = palette.family[family];
    pen.beginPath();
    pen.roundRect(x + 12, y + 14, 24, 24, 6);
    pen.fill();
    return;
  }
  drawBadge(pen, look, x, y, family, iconOf(node), node.type === 'activity');
  drawWords(pen, look, box, x, y, level, failed);
  if (box.rows.length) drawRows(pen, look, v, level);
}

export function radiusOf(box: Box, type: string): number {
  if (type === 'activity') return box.height > CARD_HEIGHT ? 16 : CARD_HEIGHT / 2;
  return type === 'agent' ? 16 : 10;
}

export function outline(
  pen: Pen,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
}

/** Two more edges behind the card of a group that is shut. */
function drawPile(pen: Pen, look: Look, x: number, y: number, box: Box, radius: number): void {
  for (const step of [8, 4]) {
    pen.fillStyle = look.palette.card;
    pen.strokeStyle = look.palette.border;
    pen.lineWidth = 1.2;
    outline(pen, x + step, y + step, box.width - 2 * step, box.height - step / 2 + 2, radius);
    pen.fill();
    pen.stroke();
  }
}

function drawBadge(
  pen: Pen,
  look: Look,
  x: number,
  y: number,
  family: ReturnType<typeof familyOf>,
  icon: ReturnType<typeof iconOf>,
  round: boolean,
): void {
  const [left, top] = [x + 10, y + (CARD_HEIGHT - ICON_BOX) / 2];
  pen.fillStyle = family === 'model' ? look.palette.family[family] : look.palette.tint[family];
  outline(pen, left, top, ICON_BOX, ICON_BOX, round ? ICON_BOX / 2 : 8);
  pen.fill();
  pen.strokeStyle = family === 'model' ? look.palette.card : look.palette.family[family];
  pen.lineWidth = 1.5;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  drawIcon(pen, icon, left + 8, top + 8, 16);
}

function drawWords(
  pen: Pen,
  look: Look,
  box: Box,
  x: number,
  y: number,
  level: Level,
  failed: boolean,
): void {
  const node = look.scene.graph.nodes[box.node]!;
  const { palette, fitter } = look;
  const left = x + 52;
  const room = box.width - 52 - (node.type === 'activity' ? 18 : 12);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  if (level === 'name') {
    pen.font = `600 18px ${palette.font}`;
    pen.fillStyle = palette.text;
    pen.fillText(fitter.fit(nameOf(node), pen.font, room), left, y + CARD_HEIGHT / 2);
    return;
  }
  pen.font = `600 13px ${palette.font}`;
  pen.fillStyle = palette.text;
  pen.fillText(fitter.fit(nameOf(node), pen.font, room), left, y + 18.5);
  pen.font = `11px ${palette.font}`;
  pen.fillStyle = failed ? palette.bad : palette.muted;
  pen.fillText(fitter.fitParts(detailParts(node), pen.font, room), left, y + 35.5);
}
