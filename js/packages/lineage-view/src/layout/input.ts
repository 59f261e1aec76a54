/** The numbers of a scene that a layout needs. */

import type { Scene } from '../model/scene';
import { CARD_HEIGHT, rowMiddle } from '../model/size';
import type { LayoutInput } from './types';

/** Links of time run with no others. */
const TIME_BUNDLE = 9;

/** `top` tells where a box was before, to keep the order of what is drawn already. */
export function layoutInput(
  { boxes, links, order }: Scene,
  top: (id: string) => number | undefined = () => undefined,
): LayoutInput {
  const silent = Math.max(0, order.length - 1);
  const ends = (drawn: number[], times: Int32Array): Int32Array =>
    Int32Array.from([...drawn, ...times]);
  const heights = (drawn: number[]): Float64Array =>
    Float64Array.from([...drawn, ...Array<number>(silent).fill(CARD_HEIGHT / 2)]);
  return {
    width: Float64Array.from(boxes, (box) => box.width),
    height: Float64Array.from(boxes, (box) => box.height),
    parent: Int32Array.from(boxes, (box) => box.parent),
    from: ends(
      links.map((link) => link.from),
      order.subarray(0, silent),
    ),
    to: ends(
      links.map((link) => link.to),
      order.subarray(1),
    ),
    fromY: heights(links.map((link) => rowMiddle(link.fromRow))),
    toY: heights(links.map((link) => rowMiddle(link.toRow))),
    bundle: ends(
      links.map((link) => link.known * 2 + (link.quiet ? 1 : 0)),
      new Int32Array(silent).fill(TIME_BUNDLE),
    ),
    silent,
    hint: Float64Array.from(boxes, (box) => top(box.id) ?? NaN),
  };
}
