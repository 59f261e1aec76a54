import { describe, expect, it } from 'vitest';
import { nearest, pathOf } from './line';
import { linesOf } from './lines';
import { byKey } from './panels';
import { extent, linearScale, logScale } from './scale';
import { smoothed } from './smooth';

describe('smoothing', () => {
  it('leaves values as they are at 0, and a constant at any weight', () => {
    expect(smoothed([1, 5, 2], 0)).toEqual([1, 5, 2]);
    expect(smoothed([3, 3, 3], 0.9).map((value) => value.toFixed(6))).toEqual(
      Array(3).fill('3.000000'),
    );
  });

  it('steps over what is no number', () => {
    const [first, second, third] = smoothed([1, NaN, 1], 0.5);
    expect([first, second, third]).toEqual([1, NaN, 1]);
  });
});

describe('a scale', () => {
  it('has round ticks', () => {
    expect(linearScale([0, 1], 5).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearScale([-3, 7], 4).ticks).toEqual([0, 5]);
    expect(logScale([0.001, 1000], 6).ticks).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  });

  it('goes there and back, also for one value', () => {
    const scale = logScale([1, 100], 3);
    expect(scale.place(10)).toBeCloseTo(0.5);
    expect(scale.value(0.5)).toBeCloseTo(10);
    expect(linearScale([4, 4], 3).place(4)).toBeCloseTo(0.5);
  });

  it('spans finite numbers only', () => {
    expect(extent([NaN, 3, Infinity, -1])).toEqual([-1, 3]);
    expect(extent([-1, 0, 2], true)).toEqual([2, 2]);
    expect(extent([NaN])).toBeNull();
  });
});

describe('a line', () => {
  it('breaks where a value is no number', () => {
    const same = (value: number) => value;
    expect(pathOf([0, 1, 2, 3], [5, 6, NaN, 7], same, same)).toBe('M0.0 5.0L1.0 6.0M3.0 7.0');
  });

  it('finds the nearest point', () => {
    expect([-5, 1.4, 1.6, 99].map((x) => nearest([0, 1, 2, 3], x))).toEqual([0, 1, 2, 3]);
    expect(nearest([], 1)).toBe(-1);
  });

  it('is made of a series by step or by time', () => {
    const series = {
      run: 'r',
      key: 'loss',
      count: 2,
      sampled: false,
      points: [
        [1, 'NaN', '2026-01-01T00:00:02Z'],
        [0, 0.5, '2026-01-01T00:00:00Z'],
      ] as [number, number | string, string][],
    };
    const [line] = linesOf([series], [{ id: 'r', name: 'fit' }], 'step', 0);
    expect(line).toMatchObject({ name: 'fit', xs: [0, 1], ys: [0.5, NaN] });
    expect(byKey([series], 'LOS').map((panel) => panel.key)).toEqual(['loss']);
    expect(byKey([series], 'acc')).toEqual([]);
  });
});
