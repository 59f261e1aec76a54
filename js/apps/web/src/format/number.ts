const grouped = new Intl.NumberFormat('en');

/** A number for reading: four significant digits, a power of ten only where it must be. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(grouped.format(value));
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return minus(trimmed(value.toExponential(3)));
  return minus(trimmed(value.toPrecision(size >= 1000 ? 6 : 4)));
}

/** `1.9 kB`, `104 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let left = count;
  let unit = 0;
  while (left >= 999.5 && unit < units.length - 1) {
    left /= 1000;
    unit += 1;
  }
  const text = unit === 0 || left >= 99.5 ? String(Math.round(left)) : trimmed(left.toPrecision(2));
  return `${text} ${units[unit] ?? ''}`;
}

/** `1 run`, `2,000 runs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
