/** A view as the text of a link, and back. Text that was tampered with gives an empty view. */

import type { Camera, Collapsed, GroupBy, LineageViewState } from '../types';

const GROUPS: readonly string[] = ['none', 'run', 'stage', 'pipeline'];
const LISTS = ['open', 'shut', 'hidden'] as const;

/** The view as URL parameters, in a fixed order; empty for the first view. */
export function viewToText(view: LineageViewState): string {
  const found = new URLSearchParams();
  if (view.groupBy) found.set('group', view.groupBy);
  if (view.selected) found.set('selected', view.selected);
  if (view.lit) found.set('lit', view.lit);
  for (const one of view.collapsed ?? []) found.append('collapsed', `${one.side}:${one.id}`);
  for (const key of LISTS) for (const id of view[key] ?? []) found.append(key, id);
  if (view.search) found.set('search', view.search);
  if (view.camera) {
    const { x, y, zoom } = view.camera;
    found.set('camera', `${Math.round(x)},${Math.round(y)},${Number(zoom.toPrecision(4))}`);
  }
  return found.toString();
}

/** The view that a link holds; what can't be understood is left out. */
export function viewFromText(text: string): LineageViewState {
  const given = new URLSearchParams(text);
  const group = given.get('group');
  const collapsed = given.getAll('collapsed').flatMap(collapsedFrom);
  const camera = cameraFrom(given.get('camera'));
  const lists = LISTS.map((key) => [key, given.getAll(key)] as const);
  return {
    ...(group !== null && GROUPS.includes(group) ? { groupBy: group as GroupBy } : {}),
    ...text1(given, 'selected'),
    ...text1(given, 'lit'),
    ...(collapsed.length ? { collapsed } : {}),
    ...Object.fromEntries(lists.filter(([, ids]) => ids.length)),
    ...text1(given, 'search'),
    ...(camera ? { camera } : {}),
  };
}

function text1(given: URLSearchParams, key: string): Record<string, string> {
  const value = given.get(key);
  return value ? { [key]: value } : {};
}

function collapsedFrom(text: string): Collapsed[] {
  const match = /^(up|down):([\s\S]+)$/.exec(text);
  return match ? [{ side: match[1] as 'up' | 'down', id: match[2] as string }] : [];
}

function cameraFrom(text: string | null): Camera | null {
  const numbers = (text ?? '').split(',').map(Number);
  const [x, y, zoom] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite) || !zoom || zoom <= 0) return null;
  return { x: x as number, y: y as number, zoom };
}
