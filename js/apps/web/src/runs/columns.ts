import type { AnswerNode, Json } from '@whence/api-client';
import { between } from '../format/time';
import { splitField } from './fields';

export interface Column {
  id: string;
  title: string;
  group: '' | 'params' | 'metrics' | 'tags' | 'attributes';
  width: number;
  numeric: boolean;
  sorts: boolean;
}

const KNOWN: Record<string, Partial<Column>> = {
  name: { title: 'Run', width: 240, sorts: true },
  status: { title: 'Status', width: 112, sorts: true },
  start_time: { title: 'Started', width: 130, sorts: true },
  end_time: { title: 'Ended', width: 130, sorts: true },
  duration: { title: 'Took', width: 96, numeric: true },
  inputs: { title: 'In', width: 230 },
  outputs: { title: 'Out', width: 230 },
  command: { title: 'Command', width: 280 },
  run_id: { title: 'Id', width: 150, sorts: true },
  user: { title: 'By', width: 100, sorts: true },
  host: { title: 'Host', width: 110, sorts: true },
  commit: { title: 'Commit', width: 110, sorts: true },
  kind: { title: 'Kind', width: 80, sorts: true },
  experiment: { title: 'Experiment', width: 130, sorts: true },
};

/** The columns that every table of runs can show, in the order of the picker. */
export const OWN_COLUMNS = Object.keys(KNOWN);

/** The column that the id names; any field of a filter is one. */
export function column(id: string): Column {
  const own = KNOWN[id];
  const { space, key } = splitField(id);
  const base: Column = {
    id,
    title: key,
    group: own ? '' : (space as Column['group']),
    width: space === 'metrics' ? 112 : 130,
    numeric: space === 'metrics',
    sorts: own ? false : space !== 'attributes',
  };
  return { ...base, ...own };
}

const NAMES: Record<string, string> = { start_time: 'started_at', end_time: 'ended_at' };

/** What a run has in the column. */
export function cell(run: AnswerNode, id: string): Json | undefined {
  const { attributes } = run;
  if (id === 'name') return run.name;
  if (id === 'run_id') return run.id;
  if (id === 'kind') return run.kind;
  if (id === 'duration') return took(run);
  const { space, key } = splitField(id);
  if (space === 'attributes') return attributes[NAMES[key] ?? key];
  const group = attributes[space];
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return undefined;
  return Object.hasOwn(group, key) ? group[key] : undefined;
}

function took(run: AnswerNode): number | null {
  const { started_at: start, ended_at: end, duration_s: known } = run.attributes;
  if (typeof known === 'number') return known;
  return between(typeof start === 'string' ? start : null, typeof end === 'string' ? end : null);
}
