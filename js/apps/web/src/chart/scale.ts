export type Range = readonly [from: number, to: number];

export interface Scale {
  /** Where `value` lies, from 0 to 1. */
  place: (value: number) => number;
  /** The value at a place. */
  value: (place: number) => number;
  ticks: number[];
}

/** A scale over `range` with about `count` ticks at round values. */
export function linearScale(range: Range, count: number): Scale {
  const [from, to] = widened(range);
  return {
    place: (value) => (value - from) / (to - from),
    value: (place) => from + place * (to - from),
    ticks: roundTicks([from, to], count),
  };
}

/** A logarithmic scale; `range` must lie above zero. */
export function logScale(range: Range, count: number): Scale {
  const [from, to] = widened([Math.log10(range[0]), Math.log10(range[1])]);
  return {
    place: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : NaN),
    value: (place) => 10 ** (from + place * (to - from)),
    ticks: powerTicks([from, to], count),
  };
}

function widened([from, to]: Range): Range {
  if (from < to) return [from, to];
  const by = from === 0 ? 1 : Math.abs(from) * 0.1;
  return [from - by, from + by];
}

function roundTicks([from, to]: Range, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  const first = Math.ceil(from / step - 1e-9);
  for (let index = first; index * step <= to + step * 1e-9 && ticks.length < 50; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

function powerTicks([from, to]: Range, count: number): number[] {
  if (to - from < 1) return roundTicks([10 ** from, 10 ** to], count).filter((tick) => tick > 0);
  const stride = Math.max(1, Math.ceil((to - from) / count));
  const ticks: number[] = [];
  for (let power = Math.ceil(from); power <= to; power += stride) ticks.push(10 ** power);
  return ticks;
}

/** The smallest and largest of the finite `values`; with `positive`, of those above zero. */
export function extent(values: Iterable<number>, positive = false): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (positive && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
