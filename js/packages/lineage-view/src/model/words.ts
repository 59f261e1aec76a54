/** Names and second lines in plain text: what a person may read, whatever the name holds. */

import type { LineageNode } from '../types';

const LONGEST = 400;
/** Controls, line breaks, and marks that turn the direction of text around. */
// prettier-ignore
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g; // eslint-disable-line no-control-regex
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that draws as one line: controls become a dot, a very long text keeps both its ends. */
export function plain(text: string): string {
  const short =
    text.length > LONGEST ? `${text.slice(0, LONGEST / 2)}…${text.slice(-LONGEST / 2)}` : text;
  return short.replace(HOSTILE, '·').replace(LONE_SURROGATE, '\ufffd');
}

export function nameOf(node: LineageNode): string {
  if (node.kind === 'commit' && /^[0-9a-f]{40,64}$/.test(node.name)) return node.name.slice(0, 10);
  return plain(node.name) || node.id.slice(0, 12);
}

/** `kind · 569 × 31 · 4a023e6a`, or for an activity `kind · failed · 6.6 s`. */
export function detailOf(node: LineageNode): string {
  return detailParts(node).join(' · ');
}

/** The same in parts, what matters most first. */
export function detailParts(node: LineageNode): string[] {
  const parts = [node.kind];
  const { status, state, size, shape, duration_s: seconds, took_ms: ms, summary } = node.attributes;
  if (node.type === 'activity') {
    if (typeof status === 'string' && status !== 'finished') parts.push(status);
    if (typeof state === 'string' && isOff(state) && state !== status) parts.push(state);
    if (typeof seconds === 'number') parts.push(durationText(seconds));
    if (typeof ms === 'number') parts.push(durationText(ms / 1000));
    const at = node.attributes['started_at'];
    if (typeof at === 'string' && node.kind === 'run') parts.push(momentText(at));
    return parts.map(plain);
  }
  if (typeof summary === 'string' && summary) parts.push(summary);
  else if (Array.isArray(shape) && shape.length > 0) parts.push(shape.join(' × '));
  else if (typeof size === 'number') parts.push(sizeText(size));
  if (node.digest) parts.push(shortDigest(node.digest));
  return parts.map(plain);
}

/** Whether a state of a notebook's cell is one to be told. */
function isOff(state: string): boolean {
  return state !== 'fresh' && state !== 'not-run';
}

export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 8);
}

export function durationText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  const step = Math.min(5, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

/** `2026-11-21 16:10` of an ISO 8601 text, in the reader's own time zone. */
export function momentText(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
