import { queryString } from '@whence/api-client';

const at = (project: string, rest: string) => `/p/${encodeURIComponent(project)}/${rest}`;

/** The addresses of the views. Names are escaped, so an address is always of this page. */
export const address = {
  projects: () => '/',
  runs: (project: string, search = '') => at(project, `runs${search}`),
  run: (project: string, id: string, tab?: string) =>
    at(project, `run/${encodeURIComponent(id)}${queryString({ tab })}`),
  lineage: (project: string, thing?: string, more: Record<string, string> = {}) =>
    at(project, `lineage${queryString({ thing, ...more })}`),
  impact: (project: string, thing?: string) => at(project, `impact${queryString({ thing })}`),
  compare: (project: string, run: readonly string[]) =>
    at(project, `compare${queryString({ run })}`),
};
