/**
 * `values` as an exponential moving average; `weight` from 0 (as they are) to below 1.
 *
 * The average is freed of its bias towards zero at the start. What is no number stays and does not
 * spoil what comes after it.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let share = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    mean = mean * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return mean / share;
  });
}
