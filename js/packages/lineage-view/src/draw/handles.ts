/** The small buttons at a box: expand or collapse a side, open or shut what is inside. */

import type { Box } from '../model/scene';
import { CARD_HEIGHT, FRAME_HEAD } from '../model/size';
import type { Direction } from '../types';
import type { Fitter } from './text';

export type Act = 'expand' | 'collapse' | 'reopen' | 'inside';

export interface Handle {
  readonly act: Act;
  readonly side: Direction | null;
  readonly text: string;
  /** What it does, for a reader. */
  readonly title: string;
  /** Drawn even when nothing points at the box. */
  readonly always: boolean;
  /** The middle, from the box's left (or right) top, and the width of the pill. */
  readonly atRight: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const HANDLE_HEIGHT = 20;
export const HANDLE_FONT_SIZE = 11;

export interface Side {
  /** Links on this side that are drawn. */
  readonly links: number;
  /** How much a collapse hides here, or undefined where it is not collapsed. */
  readonly hidden: number | undefined;
  /** How much more the host has, or undefined where that is not known. */
  readonly more: number | undefined;
  readonly frontier: boolean;
  readonly busy: boolean;
  readonly canExpand: boolean;
}

const count = (n: number): string => n.toLocaleString('en');

export function sideHandle(
  box: Box,
  side: Direction,
  at: Side,
  font: string,
  fitter: Fitter,
): Handle | null {
  const way = side === 'up' ? 'upstream' : 'downstream';
  const make = (act: Act, text: string, title: string, always: boolean): Handle => {
    const width = Math.max(
      HANDLE_HEIGHT,
      fitter.measure(text, `600 ${HANDLE_FONT_SIZE}px ${font}`) + 12,
    );
    const y = box.kind === 'frame' ? FRAME_HEAD / 2 : CARD_HEIGHT / 2;
    const outside = width / 2 - HANDLE_HEIGHT / 2;
    const x = side === 'up' ? -outside : outside;
    return { act, side, text, title, always, atRight: side === 'down', x, y, width };
  };
  if (at.busy) return make('expand', '…', 'Fetching more', true);
  if (at.hidden !== undefined) {
    return make('reopen', `+${count(at.hidden)}`, `Show ${count(at.hidden)} ${way} again`, true);
  }
  if (at.canExpand && at.more !== 0) {
    if (at.more !== undefined) {
      return make('expand', `+${count(at.more)}`, `Fetch ${count(at.more)} more ${way}`, true);
    }
    if (at.frontier) return make('expand', '+', `Fetch more ${way}`, true);
    if (at.links === 0) return make('expand', '+', `Look for more ${way}`, false);
  }
  return at.links > 0 ? make('collapse', '−', `Hide what is only ${way} of this`, false) : null;
}

export function insideHandle(box: Box, font: string, fitter: Fitter): Handle | null {
  const text = insideText(box);
  if (!text) return null;
  const width = fitter.measure(text, `600 ${HANDLE_FONT_SIZE}px ${font}`) + 18;
  const framed = box.kind === 'frame';
  return {
    act: 'inside',
    side: null,
    text,
    title: framed || box.rows.length ? 'Shut' : 'Show what is inside',
    always: box.kind !== 'card',
    atRight: framed,
    x: framed ? -width / 2 - 18 : box.width / 2,
    y: framed ? FRAME_HEAD / 2 : box.height,
    width,
  };
}

function insideText(box: Box): string {
  if (box.kind === 'frame') return 'shut';
  if (box.kind === 'stack') return `${count(box.holds)} inside`;
  if (!box.columns) return '';
  if (box.rows.length) return 'hide columns';
  return box.columns === 1 ? '1 column' : `${count(box.columns)} columns`;
}
