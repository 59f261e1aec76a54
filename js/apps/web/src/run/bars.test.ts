import { describe, expect, it } from 'vitest';
import { barsOf } from './bars';

const item = (id: string, parent: string | null, from: number, to: number | null) => ({
  id,
  name: id,
  kind: 'section',
  parent,
  started_at: new Date(from).toISOString(),
  ended_at: to === null ? null : new Date(to).toISOString(),
  status: to === null ? 'running' : 'finished',
});

describe('the bars of a timeline', () => {
  it('lie under their parent, in the order of time', () => {
    const items = [item('b', 'a', 500, 1000), item('c', 'a', 0, 500), item('a', null, 0, 2000)];
    const { bars, span } = barsOf(items, 0);
    expect(span).toBe(2);
    expect(bars.map((bar) => [bar.item.id, bar.depth, bar.from, bar.to])).toEqual([
      ['a', 0, 0, 1],
      ['c', 1, 0, 0.25],
      ['b', 1, 0.25, 0.5],
    ]);
  });

  it('of what runs end now, and a ring of parents ends too', () => {
    expect(barsOf([item('a', null, 0, null)], 3000).bars[0]).toMatchObject({ to: 1, seconds: 3 });
    expect(barsOf([item('a', 'b', 0, 1), item('b', 'a', 0, 1)], 0).bars).toEqual([]);
  });
});
