import { describe, expect, it } from 'vitest';
import { complete, errorColumn } from './completion';

const words = {
  fields: ['status', 'start_time', 'params.lr', 'params."learning rate"', 'metrics.acc'],
  values: (field: string) => (field === 'status' ? ["'finished'", "'failed'"] : ['0.01']),
};
const labels = (filter: string, caret = filter.length) =>
  complete(filter, caret, words).options.map((option) => option.label);

describe('completion of a filter', () => {
  it('begins with the fields, those that begin with what is typed first', () => {
    expect(labels('')).toEqual(words.fields);
    expect(labels('sta')).toEqual(['status', 'start_time']);
    expect(labels('lr')).toEqual(['params.lr']);
    expect(labels('params.le')).toEqual(['params."learning rate"']);
  });

  it('goes on with operators, values and joiners', () => {
    expect(labels('params.lr ').slice(0, 3)).toEqual(['=', '!=', '>']);
    expect(labels('status = ')).toEqual(["'finished'", "'failed'"]);
    expect(labels("status = 'fi")).toEqual(["'finished'"]);
    expect(labels("status = 'failed' ")).toEqual(['and', 'or']);
    expect(labels("status = 'failed' and (not met")).toEqual(['metrics.acc']);
    expect(labels("status not in ('failed', ")).toEqual(["'finished'", "'failed'"]);
  });

  it('takes the place of the word at the caret only', () => {
    expect(complete('met and x', 3, words)).toMatchObject({ from: 0, to: 3 });
    expect(complete('params."learn', 13, words)).toMatchObject({ from: 0, to: 13 });
  });

  it('finds the column that an error names', () => {
    expect(errorColumn("Column 13: expected a number, found 'and'")).toBe(13);
    expect(errorColumn('There is no such field')).toBeNull();
  });
});
