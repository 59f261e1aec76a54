export interface Line {
  id: string;
  name: string;
  colour: string;
  xs: readonly number[];
  ys: readonly number[];
  raw?: readonly number[];
}

/** The path of the points that are finite; the line breaks where one is not. */
export function pathOf(
  xs: readonly number[],
  ys: readonly number[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const parts: string[] = [];
  let pen = 'M';
  for (const [index, value] of ys.entries()) {
    const left = x(xs[index] ?? NaN);
    const top = y(value);
    if (!Number.isFinite(left) || !Number.isFinite(top)) {
      pen = 'M';
      continue;
    }
    parts.push(`${pen}${left.toFixed(1)} ${top.toFixed(1)}`);
    pen = 'L';
  }
  return parts.join('');
}

/** The index of the value nearest to `wanted` in sorted `xs`; -1 of none. */
export function nearest(xs: readonly number[], wanted: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < wanted) low = middle;
    else high = middle;
  }
  const left = Math.abs((xs[low] ?? 0) - wanted);
  return left <= Math.abs((xs[high] ?? 0) - wanted) ? low : high;
}
