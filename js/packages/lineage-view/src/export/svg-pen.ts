/** A pen that writes SVG: the same drawing code gives a picture of real vectors. */

import type { Pen } from '../draw/pen';

interface State {
  fillStyle: Pen['fillStyle'];
  strokeStyle: Pen['strokeStyle'];
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
}

const round = (n: number): number => Math.round(n * 100) / 100;

/** Text that is safe inside an element or a quoted attribute. */
export function escaped(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}

export class SvgPen implements Pen {
  fillStyle: Pen['fillStyle'] = '#000';
  strokeStyle: Pen['strokeStyle'] = '#000';
  lineWidth = 1;
  lineCap: CanvasLineCap = 'butt';
  lineJoin: CanvasLineJoin = 'miter';
  globalAlpha = 1;
  font = '12px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  private dash: readonly number[] = [];
  private path: string[] = [];
  private readonly parts: string[] = [];
  private readonly kept: { state: State; groups: number }[] = [];
  private groups = 0;

  /** The elements drawn so far. */
  text(): string {
    return this.parts.join('\n');
  }

  save(): void {
    const {
      fillStyle,
      strokeStyle,
      lineWidth,
      lineCap,
      lineJoin,
      globalAlpha,
      font,
      textAlign,
      textBaseline,
      dash,
    } = this;
    const state = {
      fillStyle,
      strokeStyle,
      lineWidth,
      lineCap,
      lineJoin,
      globalAlpha,
      font,
      textAlign,
      textBaseline,
      dash,
    };
    this.kept.push({ state, groups: this.groups });
  }

  restore(): void {
    const last = this.kept.pop();
    if (!last) return;
    Object.assign(this, last.state);
    for (; this.groups > last.groups; this.groups--) this.parts.push('</g>');
  }

  translate(x: number, y: number): void {
    this.group(`translate(${round(x)} ${round(y)})`);
  }

  scale(x: number, y: number): void {
    this.group(`scale(${x} ${y})`);
  }

  beginPath(): void {
    this.path = [];
  }

  closePath(): void {
    this.path.push('Z');
  }

  moveTo(x: number, y: number): void {
    this.path.push(`M${round(x)} ${round(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.path.push(`L${round(x)} ${round(y)}`);
  }

  bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.path.push(`C${[a, b, c, d, x, y].map(round).join(' ')}`);
  }

  /** Whole circles only: that is all we draw. */
  arc(x: number, y: number, r: number): void {
    const [right, left] = [`${round(x + r)} ${round(y)}`, `${round(x - r)} ${round(y)}`];
    this.path.push(`M${right}A${r} ${r} 0 1 1 ${left}A${r} ${r} 0 1 1 ${right}Z`);
  }

  roundRect(
    x: number,
    y: number,
    w: number,
    h: number,
    radii?: number | DOMPointInit | Iterable<number | DOMPointInit>,
  ): void {
    const r = Math.max(0, Math.min(typeof radii === 'number' ? radii : 0, w / 2, h / 2));
    const corner = (dx: number, dy: number): string =>
      `a${round(r)} ${round(r)} 0 0 1 ${round(dx)} ${round(dy)}`;
    this.path.push(
      `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}${corner(r, r)}v${round(h - 2 * r)}${corner(-r, r)}` +
        `h${round(2 * r - w)}${corner(-r, -r)}v${round(2 * r - h)}${corner(r, -r)}Z`,
    );
  }

  fill(): void {
    this.parts.push(
      `<path d="${this.path.join('')}" fill="${this.colour(this.fillStyle)}"${this.alpha()}/>`,
    );
  }

  stroke(): void {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(round).join(' ')}"` : '';
    const cap = this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`;
    const join = this.lineJoin === 'miter' ? '' : ` stroke-linejoin="${this.lineJoin}"`;
    const style = `fill="none" stroke="${this.colour(this.strokeStyle)}" stroke-width="${round(this.lineWidth)}"`;
    this.parts.push(
      `<path d="${this.path.join('')}" ${style}${dash}${cap}${join}${this.alpha()}/>`,
    );
  }

  fillRect(x: number, y: number, w: number, h: number): void {
    const box = `x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"`;
    this.parts.push(`<rect ${box} fill="${this.colour(this.fillStyle)}"${this.alpha()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    const match = /^(?:(\d+)\s+)?([\d.]+)px\s+(.+)$/.exec(this.font);
    const weight = match?.[1] ? ` font-weight="${match[1]}"` : '';
    const anchor = this.textAlign === 'center' ? ' text-anchor="middle"' : '';
    const base = this.textBaseline === 'middle' ? ' dominant-baseline="central"' : '';
    const font = `font-size="${match?.[2] ?? 12}" font-family="${escaped(match?.[3] ?? 'sans-serif')}"${weight}`;
    const at = `x="${round(x)}" y="${round(y)}"`;
    this.parts.push(
      `<text ${at} ${font}${anchor}${base} fill="${this.colour(this.fillStyle)}"${this.alpha()}>${escaped(text)}</text>`,
    );
  }

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash];
  }

  private group(transform: string): void {
    this.parts.push(`<g transform="${transform}">`);
    this.groups++;
  }

  private colour(style: Pen['fillStyle']): string {
    return escaped(typeof style === 'string' ? style : '#000');
  }

  private alpha(): string {
    return this.globalAlpha < 1 ? ` opacity="${round(this.globalAlpha)}"` : '';
  }
}
