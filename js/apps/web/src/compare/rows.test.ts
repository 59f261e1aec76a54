import { describe, expect, it } from 'vitest';
import { extremes, sectionsOf } from './rows';

const rows = [
  { section: 'metrics', key: 'acc', values: [1, 1], differs: false },
  { section: 'metrics', key: 'loss', values: [1, 2], differs: true },
  { section: 'code', key: 'fit.py', values: ['a', 'a'], differs: false },
];

describe('rows of a comparison', () => {
  it('come by section, those that differ first', () => {
    expect(sectionsOf(rows, false, '').map((s) => [s.name, s.rows.map((r) => r.key)])).toEqual([
      ['metrics', ['loss', 'acc']],
      ['code', ['fit.py']],
    ]);
  });

  it('can be those that differ alone, or those of a name', () => {
    expect(sectionsOf(rows, true, '')).toMatchObject([{ name: 'metrics', differing: 1 }]);
    expect(sectionsOf(rows, false, 'FIT').map((s) => s.name)).toEqual(['code']);
  });

  it('show the ends only of numbers that differ', () => {
    expect(extremes([1, 3, 2])).toEqual({ high: 1, low: 0 });
    expect(extremes([1, 1])).toBeNull();
    expect(extremes(['x', null, undefined, 'NaN'])).toBeNull();
  });
});
