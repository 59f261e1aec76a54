/** What the pointer is on: a button, a row, a box or a link. */

import { Bounds } from '../draw/bounds';
import { distanceTo, pointsOf } from '../draw/curve';
import type { Handle } from '../draw/handles';
import { levelOf } from '../draw/level';
import type { Look } from '../draw/look';
import { onHandle } from '../draw/marks';
import { CARD_HEIGHT, FRAME_HEAD, ROW_HEIGHT } from '../model/size';

export interface Hit {
  readonly box: number;
  /** The node under the pointer: the box's own, or that of a column in it. */
  readonly node: number;
  readonly link: number;
  readonly handle: Handle | null;
}

export const NOTHING: Hit = { box: -1, node: -1, link: -1, handle: null };
const NEAR_LINK = 6;
const NEAR_BOX = 40;

export function hitAt(look: Look, bounds: Bounds, x: number, y: number, zoom: number): Hit {
  const level = levelOf(zoom);
  const readable = level === 'full' || level === 'name';
  const near = bounds.boxesAt(x, y, NEAR_BOX).sort((a, b) => depth(look, b) - depth(look, a));
  if (readable) {
    for (const v of near) {
      const shown = (one: Handle): boolean =>
        one.always || look.hoverBox === v || look.selected === v;
      const handle = look.handles(v).find((one) => shown(one) && onHandle(look, v, one, x, y));
      if (handle) return { box: v, node: look.scene.boxes[v]!.node, link: -1, handle };
    }
  }
  const slack = readable ? 0 : 4 / zoom;
  const box = near.find((v) => isOn(look, v, x, y, slack));
  if (box !== undefined) return { box, node: nodeAt(look, box, y), link: -1, handle: null };
  return { ...NOTHING, link: level === 'dot' ? -1 : linkAt(look, bounds, x, y, zoom) };
}

const depth = (look: Look, v: number): number => (look.scene.boxes[v]!.parent >= 0 ? 1 : 0);

/** Of an open group only its head counts, so that its ground can be dragged. */
function isOn(look: Look, v: number, x: number, y: number, slack: number): boolean {
  const [left, top] = [look.x[v]! - slack, look.y[v]! - slack];
  const framed = look.scene.boxes[v]!.kind === 'frame';
  const height = framed ? FRAME_HEAD : look.layout.height[v]!;
  const [right, bottom] = [look.x[v]! + look.layout.width[v]! + slack, look.y[v]! + height + slack];
  return x >= left && x <= right && y >= top && y <= bottom;
}

function nodeAt(look: Look, v: number, y: number): number {
  const box = look.scene.boxes[v]!;
  const row = box.rows[Math.floor((y - look.y[v]! - CARD_HEIGHT - 4) / ROW_HEIGHT)];
  return row && row.node >= 0 ? row.node : box.node;
}

function linkAt(look: Look, bounds: Bounds, x: number, y: number, zoom: number): number {
  const near = NEAR_LINK / Math.min(1, zoom);
  let best = -1;
  let least = near;
  for (let e = 0; e < look.scene.links.length; e++) {
    if (!bounds.linkNear(e, x, y, near)) continue;
    const distance = distanceTo(pointsOf(look, e), x, y);
    if (distance > least) continue;
    least = distance;
    best = e;
  }
  return best;
}
