/** Times, numbers and values as a person reads them. */

/** `12:03:10`, of an ISO 8601 text, in the reader's time zone. */
export function clockText(iso: string | null): string {
  const at = iso === null ? null : new Date(iso);
  if (!at || Number.isNaN(at.getTime())) return '';
  return at.toLocaleTimeString('en-GB');
}

/** `21 Nov, 12:03`. */
export function momentText(iso: string | null): string {
  const at = iso === null ? null : new Date(iso);
  if (!at || Number.isNaN(at.getTime())) return '';
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day}, ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** `0.4 ms`, `35 ms`, `4.9 s`, `2 min 5 s`. */
export function tookText(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '';
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function counted(n: number, word: string): string {
  return `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
}

// prettier-ignore
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g; // eslint-disable-line no-control-regex

/** Text in which nothing hides and nothing turns the letters around. */
export function plain(text: string): string {
  return text.replace(UNSEEN, '·');
}

/** A value of a comparison in one line. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return plain(value);
  if (typeof value !== 'object') return String(value);
  return plain(JSON.stringify(value)).slice(0, 400);
}
