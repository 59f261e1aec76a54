/** The colours. Each can be set from outside by a CSS variable, `--whence-` and its name. */

import type { Family } from '../model/family';
import type { Theme } from '../types';

export interface Palette {
  readonly dark: boolean;
  readonly background: string;
  readonly card: string;
  readonly border: string;
  readonly shadow: string;
  readonly text: string;
  readonly muted: string;
  readonly edge: string;
  readonly back: string;
  readonly accent: string;
  readonly found: string;
  readonly warn: string;
  readonly bad: string;
  readonly frame: string;
  readonly family: Readonly<Record<Family, string>>;
  /** The same, mixed into the card's own colour. */
  readonly tint: Readonly<Record<Family, string>>;
  readonly font: string;
}

const LIGHT = {
  background: '#f7f9fc',
  card: '#ffffff',
  border: '#c8d2df',
  text: '#17202e',
  muted: '#5b6b80',
  edge: '#8a9bb1',
  back: '#c2620a',
  accent: '#2457d6',
  found: '#e0a100',
  warn: '#a85b00',
  bad: '#cf2f3d',
  frame: '#eef2f8',
  'family-data': '#2467d1',
  'family-model': '#8031d6',
  'family-activity': '#0b8474',
  'family-code': '#5d6c82',
  'family-agent': '#c0600c',
  'family-other': '#6f7b8c',
};

type Name = keyof typeof LIGHT;

const DARK: Record<Name, string> = {
  background: '#0e131b',
  card: '#18202c',
  border: '#2e3a4b',
  text: '#e8edf5',
  muted: '#96a5ba',
  edge: '#6a7c95',
  back: '#e8a25c',
  accent: '#7aa5ff',
  found: '#f2c14b',
  warn: '#f0b357',
  bad: '#ff7a85',
  frame: '#131a25',
  'family-data': '#6ba4ff',
  'family-model': '#c592ff',
  'family-activity': '#3fcfb9',
  'family-code': '#9fb0c7',
  'family-agent': '#f3a661',
  'family-other': '#a3afc0',
};

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

/** `read` gives the value of a CSS variable, or an empty text. */
export function paletteOf(dark: boolean, read: (variable: string) => string = () => ''): Palette {
  const own = dark ? DARK : LIGHT;
  const get = (name: Name): string => hexOf(read(`--whence-${name}`).trim()) ?? own[name];
  const families = ['data', 'model', 'activity', 'code', 'agent', 'other'] as const;
  const each = (of: (family: Family) => string): Record<Family, string> =>
    Object.fromEntries(families.map((one) => [one, of(one)])) as Record<Family, string>;
  const card = get('card');
  return {
    dark,
    background: get('background'),
    card,
    border: get('border'),
    shadow: dark ? 'rgba(0,0,0,0.35)' : 'rgba(22,34,58,0.07)',
    text: get('text'),
    muted: get('muted'),
    edge: get('edge'),
    back: get('back'),
    accent: get('accent'),
    found: get('found'),
    warn: get('warn'),
    bad: get('bad'),
    frame: get('frame'),
    family: each((one) => get(`family-${one}`)),
    tint: each((one) => mixed(get(`family-${one}`), card, dark ? 0.2 : 0.11)),
    font: read('--whence-font').trim() || FONT,
  };
}

export function isDark(theme: Theme): boolean {
  if (theme !== 'auto') return theme === 'dark';
  return typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches;
}

/** `#rrggbb` of `#rgb`, `#rrggbb` or `rgb(r, g, b)`; null for what can't be mixed. */
function hexOf(colour: string): string | null {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return colour.toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  if (short)
    return `#${short
      .slice(1)
      .map((c) => c + c)
      .join('')}`.toLowerCase();
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(colour);
  return rgb ? hexFrom(rgb.slice(1).map(Number)) : null;
}

function hexFrom(channels: readonly number[]): string {
  return `#${channels.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
}

/** `share` of the colour over the ground, as an opaque colour. */
export function mixed(colour: string, ground: string, share: number): string {
  const at = (text: string, i: number): number => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
  return hexFrom([0, 1, 2].map((i) => at(colour, i) * share + at(ground, i) * (1 - share)));
}
