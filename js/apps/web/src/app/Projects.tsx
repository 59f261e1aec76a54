import type { Project } from '@whence/api-client';
import { useEffect } from 'react';
import { counted } from '../format/number';
import { Command, Empty } from '../parts/Empty';
import { Text } from '../parts/Text';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { navigate } from '../router/location';
import { Account } from './Account';
import { Mark } from './Mark';
import { ThemeSwitch } from './ThemeSwitch';

/** The projects that may be read; where there is one, its runs at once. */
export function Projects({ projects }: { projects: Project[] }) {
  const only = projects.length === 1 ? projects[0] : undefined;
  useEffect(() => {
    if (only) navigate(address.runs(only.name), { replace: true });
  }, [only]);
  if (only) return null;
  return (
    <>
      <header className="top">
        <Mark />
        <span className="spring" />
        <Account />
        <ThemeSwitch />
      </header>
      <main className="alone">
        <h1>Projects</h1>
        {projects.length === 0 && (
          <Empty icon="runs" title="No project yet">
            <p>A project begins with the first run that is sent to it:</p>
            <Command>whence run --store http://SERVER/PROJECT train.py</Command>
          </Empty>
        )}
        <ul className="projects">
          {projects.map((project) => (
            <li key={project.name}>
              <Link to={address.runs(project.name)}>
                <Text text={project.name} />
                <span className="faint">{counted(project.runs, 'run')}</span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
