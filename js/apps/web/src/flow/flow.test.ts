import type { ColumnUse, FlowEdge, SinkCall, SourceCall } from '@whence/api-client';
import { describe, expect, it } from 'vitest';
import { bySink, foundColumns, takenColumns } from './groups';

const source = (origin: string): SourceCall => ({
  call: 'read_csv',
  file: 'train.py',
  line: 4,
  origin,
  synthetic: false,
});
const sink = (line: number): SinkCall => ({ call: 'fit', class: 'Lasso', file: 'train.py', line });
const NONE = { labels: [], unused: [], derived: [], weights: [], groups: [], keys: [] };
const edge = (from: string, line: number, features: string[] = []): FlowEdge => ({
  source: source(from),
  sink: sink(line),
  role: 'train',
  known: 'observed',
  columns: { ...NONE, features },
  arguments: ['X'],
  through: [],
});

describe('what fed which model', () => {
  it('is told by model, in the order of the fits', () => {
    const groups = bySink([edge('a.csv', 9), edge('b.csv', 7), edge('c.csv', 9)]);
    expect(groups.map((one) => [one.sink.line, one.edges.length])).toEqual([
      [9, 2],
      [7, 1],
    ]);
  });

  it('names only the kinds of columns that there are', () => {
    expect(takenColumns(edge('a.csv', 9, ['age']))).toEqual([['feature', ['age']]]);
  });
});

describe('the columns of a run', () => {
  const use = (column: string, what: ColumnUse['use']): ColumnUse => ({
    column,
    use: what,
    source: source('a.csv'),
    sinks: [],
    known: 'inferred',
  });

  it('begin with those that were used, and are found by name or use', () => {
    const all = [use('id', 'unused'), use('age', 'feature'), use('sex', 'label')];
    expect(foundColumns(all, '').map((one) => one.column)).toEqual(['age', 'sex', 'id']);
    expect(foundColumns(all, 'LABEL').map((one) => one.column)).toEqual(['sex']);
  });
});
