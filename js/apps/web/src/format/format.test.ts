import { describe, expect, it } from 'vitest';
import { bytes, number } from './number';
import { pieces, shortened, visible } from './text';
import { ago, between, duration, instant } from './time';
import { valueText } from './value';

describe('numbers', () => {
  it('have four significant digits and a power of ten only where it must be', () => {
    expect([0.0731845, 12, 1234567, 3.0e-7, -2.5, 1234.5678].map(number)).toEqual([
      '0.07318',
      '12',
      '1,234,567',
      '3e-7',
      '−2.5',
      '1234.57',
    ]);
    expect([NaN, Infinity, -Infinity].map(number)).toEqual(['NaN', '∞', '−∞']);
  });

  it('of bytes have a unit', () => {
    expect([0, 999, 1899, 108_385, 25_276_514_304].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.9 kB',
      '108 kB',
      '25 GB',
    ]);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-21T16:00:00Z');

  it('are said as a person says them', () => {
    expect(ago('2026-11-21T15:59:40Z', now)).toBe('just now');
    expect(ago('2026-11-21T15:57:00Z', now)).toBe('3 minutes ago');
    expect(ago('2026-11-20T15:00:00Z', now)).toBe('yesterday');
    expect(ago('2024-11-20T15:00:00Z', now)).toBe('2 years ago');
    expect(ago('no time', now)).toBe('no time');
  });

  it('that passed are short', () => {
    expect([0, 0.0000314, 0.031, 4.87, 125, 3840, 200_000].map(duration)).toEqual([
      '0 s',
      '31 µs',
      '31 ms',
      '4.9 s',
      '2 min 05 s',
      '1 h 04 min',
      '2 d 7 h',
    ]);
    expect(between('2026-11-21T15:00:00Z', '2026-11-21T15:00:01.5Z')).toBe(1.5);
    expect(between('2026-11-21T15:00:00Z', null)).toBeNull();
    expect(between('2026-11-21T15:00:00.000100Z', '2026-11-21T15:00:00.000350Z')).toBeCloseTo(
      0.00025,
    );
    expect(instant('no time')).toBeNaN();
  });
});

describe('names', () => {
  it('show what would not be seen', () => {
    expect(pieces('a\u202eb')).toEqual([
      { text: 'a', unseen: false },
      { text: '‹202E›', unseen: true },
      { text: 'b', unseen: false },
    ]);
    expect(visible('x\ny\u0000')).toBe('x⏎y‹0000›');
    expect(visible('Ünïcödé 数据 🙂')).toBe('Ünïcödé 数据 🙂');
  });

  it('lose their middle, never half a character', () => {
    expect(shortened('abcdefghij', 7)).toBe('abc…hij');
    expect(shortened('🙂'.repeat(9), 5)).toBe('🙂🙂…🙂🙂');
    expect(Array.from(shortened('x'.repeat(10_000_000), 20))).toHaveLength(20);
  });
});

describe('values', () => {
  it('are one line', () => {
    expect([null, true, 0.5, 'x', [1, 'a'], { a: [1] }].map(valueText)).toEqual([
      '–',
      'true',
      '0.5',
      'x',
      '1, a',
      '{"a":[1]}',
    ]);
  });
});
