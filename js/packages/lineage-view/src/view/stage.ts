/** The canvas: holds the camera, asks for frames when something changed, and draws them. */

import { Bounds } from '../draw/bounds';
import { frameOf, type Look } from '../draw/look';
import { drawHover, drawPicture } from '../draw/picture';
import { between, fitted, panned, toDrawing, zoomedAt, type Size } from '../interact/camera';
import { hitAt, NOTHING, type Hit } from '../interact/hit';
import type { Camera } from '../types';
import { MapLayer } from './map-layer';
import { MOST_MOVING, MOVE_MS, Places } from './places';
import { Sheet } from './sheet';

export interface Hover {
  readonly hoverBox: number;
  readonly hoverLink: number;
  readonly hoverHandle: string;
}

/** They belong to one scene; until the marks of a new scene come, the old picture stays. */
export type Marks = Omit<Look, 'layout' | 'x' | 'y' | 'progress' | 'isNew' | keyof Hover>;

const NO_HOVER: Hover = { hoverBox: -1, hoverLink: -1, hoverHandle: '' };
const SHARPEN_MS = 110;
const PANNING_MS = 250;

const GLIDE_MS = 260;
/** Under this zoom a first view goes to the focus instead of showing all. */
const READABLE = 0.4;
const FIRST_ZOOM = 0.8;

export class Stage {
  camera: Camera = { x: 0, y: 0, zoom: 1 };
  size: Size = { width: 0, height: 0 };
  places: Places | null = null;
  onCamera: (camera: Camera) => void = () => undefined;
  private marks: Marks | null = null;
  private hover = NO_HOVER;
  private readonly sheet = new Sheet();
  private sharpen: ReturnType<typeof setTimeout> | undefined;
  private pannedAt = -Infinity;
  private bounds: Bounds | null = null;
  private readonly map = new MapLayer();
  private frame = 0;
  private glide: { from: Camera; to: Camera; start: number } | null = null;
  private moveStart = 0;
  private wanted: Camera | null = null;
  private focus: string | null = null;
  calm = false;
  private isFollowing = false;
  private isMoved = false;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  close(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.sharpen);
    this.frame = -1;
  }

  /** Shows a new layout; the anchor keeps its place on the screen. */
  show(places: Places, anchor: string | null): void {
    const before = this.places;
    this.places = places;
    this.bounds = new Bounds(places.layout);
    this.map.forget();
    this.sheet.forget();
    if (before) {
      const { dx, dy } = places.shift(before, anchor);
      this.camera = { ...this.camera, x: this.camera.x + dx, y: this.camera.y + dy };
      this.glide = null;
      const moving = !this.calm && places.x.length <= MOST_MOVING;
      places.move(moving ? 0 : 1);
      this.moveStart = performance.now();
      if (this.isFollowing && !this.isMoved) this.goTo(this.firstView(places));
      else this.lookAtNew(places, anchor);
    } else this.firstCamera();
    this.redraw();
  }

  setMarks(marks: Marks): void {
    if (this.marks?.palette !== marks.palette) this.map.forget();
    this.marks = marks;
    this.sheet.forget();
    this.redraw();
  }

  setHover(hover: Hover): void {
    this.hover = hover;
    this.redraw();
  }

  /** The camera of a link, and where to begin where there is none. */
  begin(camera: Camera | null, focus: string | null): void {
    this.wanted = camera;
    this.focus = focus;
  }

  /** Keeps in view what is new, at `focus` where not all can be read, until a person moves. */
  follow(focus: string | null): void {
    this.isFollowing = true;
    this.focus = focus;
  }

  setMap(map: HTMLCanvasElement | null): void {
    this.map.use(map);
    this.redraw();
  }

  resize(width: number, height: number): void {
    const first = this.size.width === 0;
    this.size = { width, height };
    const ratio = this.ratio();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.sheet.forget();
    if (first && this.places) this.firstCamera();
    this.draw();
  }

  pan(dx: number, dy: number): void {
    this.pannedAt = performance.now();
    this.isMoved = true;
    this.set(panned(this.camera, dx, dy));
  }

  zoom(factor: number, px = this.size.width / 2, py = this.size.height / 2): void {
    this.isMoved = true;
    this.set(zoomedAt(this.camera, this.size, factor, px, py));
  }

  /** Goes there smoothly, or at once where motion is not wanted. */
  goTo(camera: Camera): void {
    if (this.calm || !this.places) {
      this.set(camera);
      return;
    }
    this.glide = { from: this.camera, to: camera, start: performance.now() };
    this.redraw();
  }

  set(camera: Camera): void {
    this.glide = null;
    this.camera = camera;
    this.onCamera(camera);
    this.redraw();
  }

  fit(): void {
    this.isMoved = false;
    if (this.places) this.goTo(this.whole(this.places));
  }

  centre(box: number, zoom = Math.max(this.camera.zoom, 0.6)): void {
    const layout = this.places?.layout;
    if (!layout || box < 0) return;
    this.isMoved = true;
    const [x, y] = [
      layout.x[box]! + layout.width[box]! / 2,
      layout.y[box]! + layout.height[box]! / 2,
    ];
    this.goTo({ x, y, zoom });
  }

  /** Centres a box only where it is out of sight or too small to read. */
  reveal(box: number): void {
    const layout = this.places?.layout;
    if (!layout || box < 0) return;
    const view = frameOf(this.camera, this.size.width, this.size.height);
    const margin = 24 / this.camera.zoom;
    const inside =
      layout.x[box]! > view.left + margin &&
      layout.x[box]! + layout.width[box]! < view.right - margin &&
      layout.y[box]! > view.top + margin &&
      layout.y[box]! + 52 < view.bottom - margin;
    if (!inside || this.camera.zoom < 0.3) this.centre(box);
  }

  hit(px: number, py: number): Hit {
    const look = this.look();
    if (!look || !this.bounds) return NOTHING;
    const { x, y } = toDrawing(this.camera, this.size, px, py);
    return hitAt(look, this.bounds, x, y, this.camera.zoom);
  }

  /** Where a box is on the screen, in pixels of the canvas. */
  onScreen(box: number): { left: number; top: number; bottom: number } | null {
    const { places, camera, size } = this;
    if (!places || box < 0) return null;
    const px = (places.x[box]! - camera.x) * camera.zoom + size.width / 2;
    const py = (places.y[box]! - camera.y) * camera.zoom + size.height / 2;
    return { left: px, top: py, bottom: py + places.layout.height[box]! * camera.zoom };
  }

  /** Goes to the part of the drawing under a point of the small map. */
  goToMap(px: number, py: number): void {
    const look = this.look();
    const at = look && this.map.pick(look, px, py);
    if (at) this.set({ ...this.camera, ...at });
  }

  look(): Look | null {
    const { places, marks } = this;
    if (!places || marks?.scene !== places.scene) return null;
    const { layout, x, y, progress, isNew } = places;
    return { ...marks, ...this.hover, layout, x, y, progress, isNew };
  }

  redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    this.frame = 0;
    const now = performance.now();
    if (this.places && this.places.progress < 1) {
      this.places.move((now - this.moveStart) / MOVE_MS);
      this.sheet.forget();
      this.redraw();
    }
    if (this.glide) {
      const { from, to, start } = this.glide;
      const t = Math.min(1, (now - start) / GLIDE_MS);
      this.camera = between(from, to, t);
      if (t >= 1) this.glide = null;
      this.onCamera(this.camera);
      this.redraw();
    }
    this.draw();
  }

  private draw(): void {
    const pen = this.canvas.getContext('2d');
    const look = this.look();
    const { width, height } = this.size;
    if (!pen || !look || !this.bounds || !width) return;
    if (!this.sheet.copy(pen, this.camera, this.size)) this.drawSheet(pen, look);
    const [k, ratio] = [this.camera.zoom, this.ratio()];
    const view = frameOf(this.camera, width, height);
    pen.setTransform(ratio * k, 0, 0, ratio * k, -view.left * k * ratio, -view.top * k * ratio);
    drawHover(pen, look, k);
    this.map.draw(look, this.camera, this.size, ratio);
  }

  /** Glides sideways to what an expansion brought, as far as its start stays in sight. */
  private lookAtNew(places: Places, anchor: string | null): void {
    const from = anchor === null ? -1 : places.boxOf(anchor);
    const view = frameOf(this.camera, this.size.width, this.size.height);
    const dx = from < 0 ? 0 : places.wayToNew(from, view.left, view.right);
    if (dx !== 0) this.goTo({ ...this.camera, x: this.camera.x + dx });
  }

  /** Draws the picture; while one zooms into a slow one, an old sheet stands in for it. */
  private drawSheet(pen: CanvasRenderingContext2D, look: Look): void {
    const { palette } = look;
    clearTimeout(this.sharpen);
    if (this.sheet.stretch(pen, this.camera, this.size, palette.background)) {
      this.sharpen = setTimeout(() => {
        this.sheet.forget();
        this.redraw();
      }, SHARPEN_MS);
      return;
    }
    const panning = performance.now() - this.pannedAt < PANNING_MS;
    const [k, ratio, bounds] = [this.camera.zoom, this.ratio(), this.bounds];
    this.sheet.render(this.camera, this.size, ratio, panning, (own, width, height) => {
      const view = frameOf(this.camera, width, height);
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      own.fillStyle = palette.background;
      own.fillRect(0, 0, width, height);
      own.setTransform(ratio * k, 0, 0, ratio * k, -view.left * k * ratio, -view.top * k * ratio);
      if (bounds) drawPicture(own, { ...look, ...NO_HOVER }, bounds, view, k);
    });
    this.sheet.copy(pen, this.camera, this.size);
  }

  private whole(places: Places): Camera {
    return fitted(this.size, places.layout.totalWidth, places.layout.totalHeight);
  }

  private firstCamera(): void {
    if (!this.places || !this.size.width) return;
    this.camera = this.wanted ?? this.firstView(this.places);
    this.onCamera(this.camera);
  }

  /** All of it where that can be read, else what has the focus. */
  private firstView(places: Places): Camera {
    const all = this.whole(places);
    const box = this.focus === null ? -1 : places.boxOf(this.focus);
    if (all.zoom >= READABLE || box < 0) return all;
    const { x, y, width, height } = places.layout;
    return { x: x[box]! + width[box]! / 2, y: y[box]! + height[box]! / 2, zoom: FIRST_ZOOM };
  }

  private ratio(): number {
    return Math.min(3, globalThis.devicePixelRatio || 1);
  }
}
