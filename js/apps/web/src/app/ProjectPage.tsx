import type { Project, ProjectApi } from '@whence/api-client';
import { type ReactNode, Suspense, lazy, useMemo } from 'react';
import { FeedContext, useFeed } from '../data/live';
import { ProjectContext } from '../data/project';
import { server } from '../data/server';
import { Empty } from '../parts/Empty';
import { Skeleton } from '../parts/Skeleton';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { match } from '../router/match';
import { RunsPage } from '../runs/RunsPage';
import { Shell } from './Shell';
import { useTitle } from './useTitle';

const PARTS = {
  run: () => import('../run/RunPage'),
  lineage: () => import('../lineage/LineagePage'),
  impact: () => import('../impact/ImpactPage'),
  compare: () => import('../compare/ComparePage'),
};
const RunPage = lazy(PARTS.run);
const LineagePage = lazy(PARTS.lineage);
const ImpactPage = lazy(PARTS.impact);
const ComparePage = lazy(PARTS.compare);

/** Begins to load the view of `path`, so that it is there once the server has said who may see it. */
export function fetchView(path: string): void {
  const view = path.split('/')[3] ?? '';
  // Where that fails, the view itself loads it again, and tells.
  if (Object.hasOwn(PARTS, view)) PARTS[view as keyof typeof PARTS]().catch(() => undefined);
}

interface Props {
  path: string;
  projects: Project[];
  version: string;
}

/** The views of the project that the address names. */
export function ProjectPage({ path, projects, version }: Props) {
  const name = path.split('/')[2] ?? '';
  const known = projects.find((project) => encodeURIComponent(project.name) === name);
  const project = useMemo(() => server.project(known?.name ?? ''), [known?.name]);
  if (!known) return <NotHere />;
  return (
    <ProjectContext.Provider value={project}>
      <Feed project={project}>
        <Shell projects={projects} version={version} path={path}>
          <Suspense fallback={<Skeleton lines={8} />}>
            <View path={path} />
          </Suspense>
        </Shell>
      </Feed>
    </ProjectContext.Provider>
  );
}

function Feed({ project, children }: { project: ProjectApi; children: ReactNode }) {
  return <FeedContext.Provider value={useFeed(project)}>{children}</FeedContext.Provider>;
}

function View({ path }: { path: string }) {
  if (match('/p/:project/runs', path)) return <RunsPage />;
  const run = match('/p/:project/run/:id', path);
  if (run?.id) return <RunPage id={run.id} key={run.id} />;
  if (match('/p/:project/lineage', path)) return <LineagePage />;
  if (match('/p/:project/impact', path)) return <ImpactPage />;
  if (match('/p/:project/compare', path)) return <ComparePage />;
  return <NotHere />;
}

function NotHere() {
  useTitle('Not here');
  return (
    <main className="alone">
      <Empty icon="search" title="There is nothing at this address" alone>
        <p>
          <Link to={address.projects()}>Go to the projects</Link>
        </p>
      </Empty>
    </main>
  );
}
