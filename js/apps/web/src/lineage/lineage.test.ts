import type { Answer, AnswerNode } from '@whence/api-client';
import { describe, expect, it } from 'vitest';
import { completenessOf, graphOf } from './graph';
import { NOWHERE, merged, more } from './merge';
import { readLineage, writeLineage } from './url';

const node = (id: string): AnswerNode => ({
  id,
  type: 'entity',
  kind: 'file',
  name: id,
  digest: null,
  places: [],
  attributes: {},
});
const answer = (nodes: string[], edges: [string, string][], frontier: string[]): Answer => ({
  query: {},
  nodes: nodes.map(node),
  edges: edges.map(([source, target]) => ({
    source,
    target,
    relation: 'wasDerivedFrom',
    role: '',
    known: 'inferred',
    at: null,
  })),
  completeness: {
    complete: frontier.length === 0,
    truncated: frontier.length > 0 ? [{ limit: 'depth', value: 1, frontier }] : [],
    gaps: [],
  },
});

describe('the surroundings of a thing', () => {
  const one = merged(NOWHERE, answer(['a', 'b'], [['a', 'b']], ['b']), 'up', 'a');

  it('grow level by level and hold nothing twice', () => {
    expect(more(one)).toEqual({ b: { up: 1 } });
    const two = merged(one, answer(['b', 'c'], [['b', 'c']], ['c']), 'up', 'b');
    const again = merged(two, answer(['a', 'b'], [['a', 'b']], ['b']), 'up', 'a');
    expect([again.nodes.size, again.edges.size, more(again)]).toEqual([3, 2, { c: { up: 1 } }]);
  });

  it('keep the two sides apart', () => {
    const both = merged(one, answer(['a', 'd'], [['d', 'a']], ['d']), 'down', 'a');
    expect(more(both)).toEqual({ b: { up: 1 }, d: { down: 1 } });
    expect(completenessOf(both, 1)).toEqual({
      complete: false,
      truncated: [{ limit: 'depth', value: 1, frontier: ['b', 'd'] }],
      gaps: [],
    });
  });

  it('are drawn without the edges that are not wanted', () => {
    expect(graphOf(one, 'observed,declared').edges).toEqual([]);
    expect(graphOf(one, 'inferred').edges).toHaveLength(1);
  });
});

describe('the address of a lineage', () => {
  it('holds what differs from the usual', () => {
    expect(writeLineage(readLineage('?thing=a%2Fb'))).toBe('?thing=a%2Fb');
    const text = '?thing=x&dir=up&depth=5&group=none&known=observed%2Cinferred&columns=1&sel=y';
    expect(writeLineage(readLineage(text))).toBe(text);
  });

  it('forgives what nobody would type', () => {
    expect(readLineage('?depth=-3&dir=sideways&group=x')).toMatchObject({
      depth: 2,
      direction: 'both',
      groupBy: 'run',
    });
  });
});
