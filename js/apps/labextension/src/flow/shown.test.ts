import type { LineageEdge, LineageNode } from '@whence/lineage-view';
import { expect, test } from 'vitest';
import { viewWith } from '../state/fixture';
import { flowOf, homeOf } from './shown';

const cell = (execution: number, id: string, state = 'fresh'): LineageNode => ({
  id: `run ${execution}`,
  type: 'activity',
  kind: 'cell',
  name: `In [${execution}]`,
  digest: null,
  places: [],
  attributes: { cell: id, execution, state, status: 'finished' },
});
const file: LineageNode = {
  id: 'data.csv',
  type: 'entity',
  kind: 'file',
  name: 'data.csv',
  digest: null,
  places: [],
  attributes: {},
};
const used = (source: string, target: string): LineageEdge => ({
  source,
  target,
  relation: 'used',
  role: '',
  known: 'observed',
  at: null,
});
const view = viewWith({
  graph: {
    nodes: [cell(3, 'b'), cell(1, 'a', 'earlier'), cell(2, 'a'), file],
    edges: [used('run 1', 'data.csv')],
  },
});

test('cells are told in the order in which they ran', () => {
  expect(flowOf(view, { running: [], states: new Map() }).order).toEqual([
    'run 1',
    'run 2',
    'run 3',
  ]);
});

test('what the page knows of a cell marks its last execution alone', () => {
  const { graph } = flowOf(view, { running: ['b'], states: new Map([['a', 'edited']]) });
  const states = graph.nodes.map((node) => [node.id, node.attributes['state']]);
  expect(states).toEqual([
    ['run 3', 'running'],
    ['run 1', 'earlier'],
    ['run 2', 'edited'],
    ['data.csv', undefined],
  ]);
});

test('a cell that runs for the first time is drawn last', () => {
  const { graph, order } = flowOf(view, { running: ['new'], states: new Map() });
  expect(order.at(-1)).toBe('running new');
  expect(graph.nodes.at(-1)?.attributes).toEqual({
    status: 'running',
    state: 'running',
    cell: 'new',
  });
});

test('a file leads to the cell that it was used in', () => {
  expect(homeOf(view.graph, 'data.csv')).toBe('a');
  expect(homeOf(view.graph, 'run 3')).toBe('b');
  expect(homeOf(view.graph, 'nowhere')).toBeNull();
});
