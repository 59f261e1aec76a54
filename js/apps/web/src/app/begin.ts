import { begin } from '../data/early';
import { server } from '../data/server';
import { match } from '../router/match';
import { beginRuns } from '../runs/early';

/** Asks, all at once and before anything is drawn, what the page at this address needs first. */
export function beginPage({ pathname, search }: { pathname: string; search: string }): void {
  void begin('facts', server.facts());
  const projects = begin('projects 0', server.projects());
  const named = match('/p/:project/runs', pathname)?.project;
  if (named) beginRuns(server.project(named), search);
  if (pathname !== '/') return;
  projects.then(
    ([only, ...others]) => {
      if (only && others.length === 0) beginRuns(server.project(only.name), '');
    },
    () => undefined,
  );
}
