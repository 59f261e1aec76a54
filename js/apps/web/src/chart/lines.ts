import type { Series } from '@whence/api-client';
import { metricNumber } from '../format/value';
import type { Line } from './line';
import { smoothed } from './smooth';

export type Axis = 'step' | 'time';

export const COLOURS = 8;

/** The colour of the run at `index` of those compared; a variable of the style sheet. */
export function colourOf(index: number): string {
  return `var(--series-${String(index % COLOURS)})`;
}

/** One line for each series: by step, or by seconds since the run's first point. */
export function linesOf(
  series: readonly Series[],
  runs: readonly { id: string; name: string }[],
  axis: Axis,
  weight: number,
): Line[] {
  return series.map((one) => {
    const index = runs.findIndex((run) => run.id === one.run);
    const sorted = axis === 'time' ? one.points : [...one.points].sort((a, b) => a[0] - b[0]);
    const start = Date.parse(sorted[0]?.[2] ?? '');
    const raw = sorted.map((point) => metricNumber(point[1]));
    return {
      id: one.run,
      name: runs[index]?.name ?? one.run,
      colour: colourOf(Math.max(index, 0)),
      xs: sorted.map((point) =>
        axis === 'step' ? point[0] : (Date.parse(point[2] ?? '') - start) / 1000,
      ),
      ys: smoothed(raw, weight),
      ...(weight > 0 ? { raw } : {}),
    };
  });
}
