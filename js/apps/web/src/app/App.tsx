import { useCallback, useMemo, useState } from 'react';
import { cache } from '../data/cache';
import { server } from '../data/server';
import { useAnswer } from '../data/useAnswer';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { useLocation } from '../router/location';
import { ErrorBoundary } from './ErrorBoundary';
import { ProjectPage, fetchView } from './ProjectPage';
import { Projects } from './Projects';
import { SessionContext } from './session';
import { SignIn } from './SignIn';

fetchView(location.pathname);

/** The whole page: who is there, which project, which view. */
export function App() {
  const [session, setSession] = useState(0);
  const { path } = useLocation();
  const another = useCallback(() => {
    cache.clear();
    setSession((count) => count + 1);
  }, []);
  const facts = useAnswer('facts', (signal) => server.facts(signal));
  const projects = useAnswer(`projects ${String(session)}`, (signal) => server.projects(signal));

  const auth = facts.data?.auth === true;
  const sessionFacts = useMemo(() => ({ auth, ended: another }), [auth, another]);

  if (projects.error?.status === 401) {
    return <SignIn oidc={facts.data?.oidc === true} onSignedIn={another} />;
  }
  if (projects.error) {
    return (
      <main className="alone">
        <Failure error={projects.error} again={projects.again} />
      </main>
    );
  }
  if (!projects.data) {
    return (
      <main className="alone">
        <Skeleton lines={4} />
      </main>
    );
  }
  return (
    <SessionContext.Provider value={sessionFacts}>
      <ErrorBoundary key={path}>
        {path === '/' ? (
          <Projects projects={projects.data} />
        ) : (
          <ProjectPage path={path} projects={projects.data} version={facts.data?.version ?? ''} />
        )}
      </ErrorBoundary>
    </SessionContext.Provider>
  );
}
