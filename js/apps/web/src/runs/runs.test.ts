import type { AnswerNode } from '@whence/api-client';
import { describe, expect, it } from 'vitest';
import { cell, column } from './columns';
import { fieldName, splitField } from './fields';
import { NOTHING, PAGE, pagesOf, put, renewed, rowCount, runAt, runsOf } from './pages';
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
  const first = put(NOTHING, 0, page(0, PAGE, 'a', 100_000));

  it('has all rows, of which it needs only the pages in sight', () => {
    expect(rowCount(first)).toBe(100_000);
    expect(pagesOf(0, 30)).toEqual([0]);
    expect(pagesOf(PAGE - 10, PAGE + 20)).toEqual([0, 1]);
    expect(pagesOf(90_010, 90_040)).toEqual([90_000 / PAGE]);
  });

  it('has holes where nobody looked', () => {
    const far = put(first, 400, page(400 * PAGE, PAGE, 'b'));
    expect(runAt(far, 3)?.id).toBe('r3');
    expect(runAt(far, 400 * PAGE + 3)?.id).toBe(`r${String(400 * PAGE + 3)}`);
    expect(runAt(far, 200 * PAGE)).toBeUndefined();
    expect(runsOf(far)).toHaveLength(2 * PAGE);
    expect(rowCount(far)).toBe(100_000);
  });

  it('ends where the server has no more, whatever was said before', () => {
    const all = put(first, 1, page(PAGE, 20, null));
    expect(rowCount(all)).toBe(PAGE + 20);
    const beyond = put(first, 7, page(0, 0, null));
    expect(rowCount(beyond)).toBe(100_000);
  });

  it('keeps the pages near to what is in sight', () => {
    let loaded = first;
    for (let at = 1; at < 300; at += 1) loaded = put(loaded, at, page(at * PAGE, PAGE, 'c'));
    expect([loaded.pages.size, loaded.pages.has(299), loaded.pages.has(0)]).toEqual([
      100,
      true,
      false,
    ]);
  });

  it('takes news of what is in sight and keeps the rest, unless runs came or went', () => {
    const long = put(first, 1, page(PAGE, PAGE, 'b'));
    const same = page(0, PAGE, 'a', 100_000);
    const told = { ...same, items: same.items.map((one) => ({ ...one, name: 'new' })) };
    const changed = renewed(long, new Map([[0, told]]));
    expect([runAt(changed, 0)?.name, runsOf(changed).length]).toEqual(['new', 2 * PAGE]);
    const more = renewed(long, new Map([[0, { ...same, total: 100_001 }]]));
    expect([rowCount(more), runsOf(more).length]).toEqual([100_001, PAGE]);
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
