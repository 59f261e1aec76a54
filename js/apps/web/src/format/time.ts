const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `3 minutes ago`, of an ISO time; what is no time comes back as it is. */
export function ago(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return iso;
  const seconds = (then - now) / 1000;
  if (Math.abs(seconds) < 45) return 'just now';
  for (const [unit, size] of UNITS) {
    const count = Math.round(seconds / size);
    if (count !== 0 && Math.abs(seconds) >= size * 0.75) return relative.format(count, unit);
  }
  return 'just now';
}

/** `2026-11-21 16:10:31.402`, in the reader's time zone, with the zone. */
export function exact(iso: string): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return iso;
  const two = (value: number, width = 2) => String(value).padStart(width, '0');
  const day = `${two(then.getFullYear(), 4)}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  return `${day} ${clock}.${two(then.getMilliseconds(), 3)} ${zone(then)}`;
}

function zone(when: Date): string {
  const minutes = -when.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `1 h 04 min`, `2 min 05 s`, `4.9 s`, `31 ms`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds === 0) return '0 s';
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Milliseconds since 1970, with the microseconds that `Date` cuts; NaN of what is no time. */
export function instant(iso: string | null): number {
  if (!iso) return NaN;
  const finer = /\.\d{3}(\d{1,6})/.exec(iso)?.[1];
  return Date.parse(iso) + (finer ? Number(`0.${finer}`) : 0);
}

/** Seconds from one ISO time to another, or null where one is missing. */
export function between(start: string | null, end: string | null): number | null {
  if (!start || !end) return null;
  const seconds = (instant(end) - instant(start)) / 1000;
  return Number.isNaN(seconds) ? null : seconds;
}
