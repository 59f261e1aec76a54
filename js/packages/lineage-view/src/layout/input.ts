/** The numbers of a scene that a layout needs. */

import type { Scene } from '../model/scene';
import { rowMiddle } from '../model/size';
import type { LayoutInput } from './types';

/** `top` tells where a box was before, to keep the order of what is drawn already. */
export function layoutInput(
  { boxes, links }: Scene,
  top: (id: string) => number | undefined = () => undefined,
): LayoutInput {
  return {
    width: Float64Array.from(boxes, (box) => box.width),
    height: Float64Array.from(boxes, (box) => box.height),
    parent: Int32Array.from(boxes, (box) => box.parent),
    from: Int32Array.from(links, (link) => link.from),
    to: Int32Array.from(links, (link) => link.to),
    fromY: Float64Array.from(links, (link) => rowMiddle(link.fromRow)),
    toY: Float64Array.from(links, (link) => rowMiddle(link.toRow)),
    bundle: Int32Array.from(links, (link) => link.known * 2 + (link.quiet ? 1 : 0)),
    hint: Float64Array.from(boxes, (box) => top(box.id) ?? NaN),
  };
}
