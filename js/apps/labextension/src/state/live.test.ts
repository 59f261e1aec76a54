import { describe, expect, test } from 'vitest';
import { badgeOf } from '../lab/badges';
import { cellWith, viewWith } from './fixture';
import { factsOf, headOf, rowsOf, Texts } from './live';

const code = (id: string, text: string, count: number | null = 1) => ({
  id,
  isCode: true,
  count,
  source: () => text,
});

describe('whether a text was edited', () => {
  test('is known from the moment that a cell runs here', () => {
    const texts = new Texts();
    texts.started('a', 'x = 1');
    expect(texts.stateOf('a', 'x = 1', null)).toBe('ran');
    expect(texts.stateOf('a', 'x = 2', 3)).toBe('edited');
    texts.ended('a', 4);
    expect(texts.stateOf('a', 'x = 1\n', 4)).toBe('ran');
    expect(texts.stateOf('a', 'x = 2', 4)).toBe('edited');
  });

  test('is left to the record where a cell ran elsewhere', () => {
    const texts = new Texts();
    expect(texts.stateOf('a', 'x = 1', 3)).toBe('seen');
    expect(texts.stateOf('a', 'x = 2', 3)).toBe('edited');
    expect(texts.stateOf('a', 'x = 2', 5)).toBe('seen');
  });
});

describe('the rows of the cells', () => {
  test('follow the notebook, and cells that are gone come last', () => {
    const view = viewWith({
      cells: [cellWith('gone', { source: '\n y = 2' }), cellWith('b', { state: 'stale' })],
    });
    const cells = [code('a', 'x = 1', null), code('b', 'z = x'), code('empty', '', null)];
    const rows = rowsOf(factsOf(cells, view, new Texts()), view, []);
    expect(rows.map(({ id, place, state, head }) => [id, place, state, head])).toEqual([
      ['a', 1, 'not-run', 'x = 1'],
      ['b', 2, 'stale', 'z = x'],
      ['gone', null, 'deleted', 'y = 2'],
    ]);
  });

  test('do not believe a file that was saved before the cell ran', () => {
    const reasons = ['Its source was changed after it ran', 'x was made anew by In [4]'];
    const view = viewWith({ cells: [cellWith('a', { state: 'edited', reasons })] });
    const texts = new Texts();
    texts.started('a', 'y = x');
    texts.ended('a', 1);
    const [row] = rowsOf(factsOf([code('a', 'y = x')], view, texts), view, []);
    expect([row?.state, row?.reasons]).toEqual(['stale', reasons.slice(1)]);
  });

  test('say that a cell runs, whatever the record says', () => {
    const view = viewWith({ cells: [cellWith('a')] });
    const [row] = rowsOf(factsOf([code('a', 'x')], view, new Texts()), view, ['a']);
    expect(row?.state).toBe('running');
  });

  test('tell a cell with a number that no record knows from one that never ran', () => {
    const view = viewWith({});
    const cells = [code('a', 'x', 7), code('b', 'y', null)];
    const rows = rowsOf(factsOf(cells, view, new Texts()), view, []);
    expect(rows.map((row) => row.state)).toEqual(['unknown', 'not-run']);
  });
});

test('a badge says the one thing that matters most', () => {
  const badge = (part: Parameters<typeof cellWith>[1]) => {
    const view = viewWith({ cells: [cellWith('a', part)] });
    const [row] = rowsOf(factsOf([code('a', 'x')], view, new Texts()), view, []);
    return row ? (badgeOf(row)?.says ?? null) : 'no row';
  };
  expect(badge({})).toBeNull();
  expect(badge({ state: 'stale', models: ['m'] })).toBe('stale');
  expect(badge({ state: 'edited' })).toBe('edited');
  expect(badge({ out_of_order: true, models: ['m'] })).toBe('order');
  expect(badge({ models: ['m'] })).toBe('model');
  expect(badge({ state: 'failed', models: ['m'] })).toBeNull();
});

test('the head of a cell is its first line that says something', () => {
  expect(headOf('\n\n  x = 1  \ny = 2')).toBe('x = 1');
  expect(headOf('x'.repeat(500))).toHaveLength(120);
});
