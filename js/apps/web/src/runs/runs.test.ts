import type { AnswerNode } from '@whence/api-client';
import { describe, expect, it } from 'vitest';
import { cell, column } from './columns';
import { fieldName, splitField } from './fields';
import { NOTHING, joined, missing, renewed, rowCount } from './pages';
import { nextOrder, orderBy, readState, writeState } from './url';

const run = (id: string, attributes: AnswerNode['attributes'] = {}): AnswerNode => ({
  id,
  type: 'activity',
  kind: 'run',
  name: id,
  digest: null,
  places: [],
  attributes,
});
const page = (from: number, count: number, next: string | null, total: number | null = null) => ({
  items: Array.from({ length: count }, (_, index) => run(`r${String(from + index)}`)),
  next,
  total,
});

describe('the window of the table', () => {
  const first = joined(NOTHING, page(0, 100, 'a', 100_000));

  it('has all rows, of which it asks only for those that are needed', () => {
    expect(rowCount(first)).toBe(100_000);
    expect(missing(first, 30)).toBe(0);
    expect(missing(first, 80)).toBe(100);
    expect(missing(first, 700)).toBe(650);
    expect(missing(first, 90_000)).toBe(1000);
  });

  it('ends where the server has no more, whatever was said before', () => {
    const all = joined(first, page(100, 20, null));
    expect([all.items.length, rowCount(all), missing(all, 5000)]).toEqual([120, 120, 0]);
  });

  it('holds no run twice', () => {
    const both = joined(first, page(90, 20, 'b'));
    expect(both.items).toHaveLength(110);
  });

  it('takes news of the first page and keeps the rest, unless runs came or went', () => {
    const long = joined(first, page(100, 100, 'b'));
    const same = { ...first, items: first.items.map((one) => ({ ...one, name: 'new' })) };
    expect(renewed(long, same).items).toHaveLength(200);
    expect(renewed(long, same).items[0]?.name).toBe('new');
    const moved = joined(NOTHING, {
      ...page(0, 99, 'x'),
      items: [run('n'), ...first.items.slice(1)],
    });
    expect(renewed(long, moved)).toBe(moved);
  });
});

describe('the address of the table', () => {
  it('holds all that was chosen and nothing else', () => {
    expect(writeState(readState(''))).toBe('');
    const state = {
      filter: 'params.lr > 0.01',
      order: { field: 'metrics.acc', descending: true },
      columns: ['name', 'params."a b"'],
      chosen: ['r1', 'r2'],
    };
    expect(readState(writeState(state))).toEqual(state);
  });

  it('goes from one direction to the other and back to none', () => {
    const once = nextOrder(null, 'name', 'asc');
    const twice = nextOrder(once, 'name', 'asc');
    expect([orderBy(once), orderBy(twice)]).toEqual(['name asc', 'name desc']);
    expect(nextOrder(twice, 'name', 'asc')).toBeNull();
    expect(orderBy(nextOrder(once, 'metrics.acc', 'desc'))).toBe('metrics.acc desc');
  });
});

describe('a column', () => {
  it('reads its value, also with a key that needs quotes', () => {
    const name = fieldName('params', 'a "b" c');
    expect(name).toBe('params."a ""b"" c"');
    expect(splitField(name)).toEqual({ space: 'params', key: 'a "b" c' });
    expect(cell(run('r', { params: { 'a "b" c': 3 } }), name)).toBe(3);
    expect(cell(run('r', { params: {} }), 'params.constructor')).toBeUndefined();
  });

  it('knows how long a run took', () => {
    const times = { started_at: '2026-01-01T00:00:00Z', ended_at: '2026-01-01T00:00:02Z' };
    expect(cell(run('r', times), 'duration')).toBe(2);
    expect(column('duration')).toMatchObject({ numeric: true, sorts: false });
  });
});
