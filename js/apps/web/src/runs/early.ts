import type { ProjectApi } from '@whence/api-client';
import { begin, taken } from '../data/early';
import { PAGE, type Page } from './pages';
import { orderBy, readState } from './url';

const key = (project: string, filter: string, order: string | undefined) =>
  `runs ${JSON.stringify([project, filter, order ?? ''])}`;

/** Begins to ask for what the table of runs at an address shows first. */
export function beginRuns(project: ProjectApi, search: string): void {
  const state = readState(search);
  const order = orderBy(state.order);
  const query = { filter: state.filter, ...(order ? { order_by: order } : {}) };
  void begin(
    key(project.name, state.filter, order),
    project.runs({ ...query, limit: PAGE, offset: 0, total: true }),
  );
  void begin(`fields ${project.name}`, project.runFields());
}

/** The first page of runs, where it was asked for early. */
export function firstRuns(
  project: string,
  filter: string,
  order: string | undefined,
): Promise<Page> | undefined {
  return taken<Page>(key(project, filter, order));
}
