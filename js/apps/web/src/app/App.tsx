import { useState } from 'react';
import { cache } from '../data/cache';
import { server } from '../data/server';
import { useAnswer } from '../data/useAnswer';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { useLocation } from '../router/location';
import { ErrorBoundary } from './ErrorBoundary';
import { ProjectPage } from './ProjectPage';
import { Projects } from './Projects';
import { SignIn } from './SignIn';

/** The whole page: who is there, which project, which view. */
export function App() {
  const [session, setSession] = useState(0);
  const { path } = useLocation();
  const facts = useAnswer('facts', (signal) => server.facts(signal));
  const projects = useAnswer(`projects ${String(session)}`, (signal) => server.projects(signal));

  if (projects.error?.status === 401) {
    const signedIn = () => {
      cache.clear();
      setSession((count) => count + 1);
    };
    return <SignIn oidc={facts.data?.oidc === true} onSignedIn={signedIn} />;
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
    <ErrorBoundary key={path}>
      {path === '/' ? (
        <Projects projects={projects.data} />
      ) : (
        <ProjectPage path={path} projects={projects.data} version={facts.data?.version ?? ''} />
      )}
    </ErrorBoundary>
  );
}
