/** All that one picture is made from. */

import type { Scene } from '../model/scene';
import type { Layout } from '../layout/types';
import type { Camera } from '../types';
import type { Handle } from './handles';
import type { Fitter } from './text';
import type { Palette } from './theme';

/** Which boxes and links are lit; the rest is dimmed. */
export interface Light {
  readonly box: Uint8Array;
  readonly link: Uint8Array;
}

export interface Look {
  readonly scene: Scene;
  readonly layout: Layout;
  /** Places of the boxes now; they differ from the layout's while they move. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** From 0 to 1 while boxes move: new ones fade in. Links are drawn as planned only at 1. */
  readonly progress: number;
  readonly isNew: Uint8Array | null;
  readonly palette: Palette;
  readonly fitter: Fitter;
  readonly light: Light | null;
  /** On a path that was asked for: drawn in the accent colour. */
  readonly path: Light | null;
  readonly hoverBox: number;
  readonly hoverLink: number;
  readonly hoverHandle: string;
  readonly selected: number;
  readonly selectedNode: number;
  readonly focus: ReadonlySet<number>;
  readonly found: ReadonlySet<number>;
  /** By box: how many gaps lie there. */
  readonly gaps: ReadonlyMap<number, number>;
  readonly handles: (box: number) => readonly Handle[];
}

/** What of the drawing can be seen. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function frameOf(camera: Camera, width: number, height: number): Frame {
  const w = width / 2 / camera.zoom;
  const h = height / 2 / camera.zoom;
  return { left: camera.x - w, top: camera.y - h, right: camera.x + w, bottom: camera.y + h };
}
