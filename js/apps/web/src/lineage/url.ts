import { queryString } from '@whence/api-client';
import type { GroupBy, Known } from '@whence/lineage-view';

export type Direction = 'up' | 'down' | 'both';
export const KNOWNS: readonly Known[] = ['observed', 'declared', 'inferred'];

/** What the address holds of a view of lineage. */
export interface LineageState {
  thing: string;
  direction: Direction;
  depth: number;
  groupBy: GroupBy;
  known: readonly Known[];
  columns: boolean;
  selected: string;
  from: string;
  to: string;
  view: string;
}

const GROUPS: readonly GroupBy[] = ['none', 'run', 'stage', 'pipeline'];
export const DEEPEST = 20;

export function readLineage(search: string): LineageState {
  const query = new URLSearchParams(search);
  const direction = query.get('dir');
  const depth = Number(query.get('depth') ?? 2);
  const known = query.get('known')?.split(',') ?? KNOWNS;
  return {
    thing: query.get('thing') ?? '',
    direction: direction === 'up' || direction === 'down' ? direction : 'both',
    depth: Number.isInteger(depth) && depth >= 1 ? Math.min(depth, DEEPEST) : 2,
    groupBy: GROUPS.find((group) => group === query.get('group')) ?? 'run',
    known: KNOWNS.filter((each) => known.includes(each)),
    columns: query.get('columns') === '1',
    selected: query.get('sel') ?? '',
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
    view: query.get('view') ?? '',
  };
}

/** The query of the address; what is as it would be anyway is left out. */
export function writeLineage(state: LineageState): string {
  return queryString({
    thing: state.thing,
    dir: state.direction === 'both' ? '' : state.direction,
    depth: state.depth === 2 ? '' : state.depth,
    group: state.groupBy === 'run' ? '' : state.groupBy,
    known: state.known.length === KNOWNS.length ? '' : state.known.join(',') || 'none',
    columns: state.columns ? 1 : '',
    sel: state.selected,
    from: state.from,
    to: state.to,
    view: state.view,
  });
}
