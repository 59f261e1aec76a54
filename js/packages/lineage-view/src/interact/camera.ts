/** Moves of the camera: pure functions from one camera to the next. */

import type { Camera } from '../types';

export const ZOOM_LEAST = 0.008;
export const ZOOM_MOST = 2.5;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const clampedZoom = (zoom: number): number =>
  Math.min(ZOOM_MOST, Math.max(ZOOM_LEAST, zoom));

/** After a drag by so many pixels. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

/** Zoomed by a factor; what lies under the pixel (px, py) stays there. */
export function zoomedAt(
  camera: Camera,
  size: Size,
  factor: number,
  px: number,
  py: number,
): Camera {
  const zoom = clampedZoom(camera.zoom * factor);
  const before = toDrawing(camera, size, px, py);
  const after = toDrawing({ ...camera, zoom }, size, px, py);
  return { x: camera.x + before.x - after.x, y: camera.y + before.y - after.y, zoom };
}

export function toDrawing(
  camera: Camera,
  size: Size,
  px: number,
  py: number,
): { x: number; y: number } {
  return {
    x: camera.x + (px - size.width / 2) / camera.zoom,
    y: camera.y + (py - size.height / 2) / camera.zoom,
  };
}

/** Shows a drawing of this size whole, never larger than it is. */
export function fitted(size: Size, width: number, height: number, margin = 48): Camera {
  const room = (all: number): number => Math.max(40, all - 2 * margin);
  const zoom = Math.min(
    1.1,
    room(size.width) / Math.max(1, width),
    room(size.height) / Math.max(1, height),
  );
  return { x: width / 2, y: height / 2, zoom: clampedZoom(zoom) };
}

/** On the way from one camera to another; t from 0 to 1. Zoom goes by even factors. */
export function between(a: Camera, b: Camera, t: number): Camera {
  const k = eased(t);
  const zoom = a.zoom * (b.zoom / a.zoom) ** k;
  // the middle moves at the pace of the zoom, so that the goal does not swing past
  const way =
    Math.abs(b.zoom - a.zoom) < 1e-9 ? k : (1 / a.zoom - 1 / zoom) / (1 / a.zoom - 1 / b.zoom);
  return { x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way, zoom };
}

export const eased = (t: number): number => (t >= 1 ? 1 : 1 - (1 - Math.max(0, t)) ** 3);
