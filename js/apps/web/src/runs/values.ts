import type { AnswerNode } from '@whence/api-client';
import { cell } from './columns';

const STATUSES = ["'finished'", "'failed'", "'running'", "'interrupted'"];

/** Values that a filter may compare `field` with: those of the runs that are loaded. */
export function valuesOf(field: string, runs: readonly AnswerNode[]): string[] {
  if (field === 'status') return STATUSES;
  const found = new Set<string>();
  for (const run of runs.slice(0, 1000)) {
    const value = cell(run, field.replace(/^attributes\./, ''));
    if (typeof value === 'number' || typeof value === 'boolean') found.add(String(value));
    if (typeof value === 'string' && value.length < 80)
      found.add(`'${value.replaceAll("'", "''")}'`);
    if (found.size >= 30) break;
  }
  return [...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
