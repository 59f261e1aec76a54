import type { Project } from '@whence/api-client';
import { type ReactNode, useState } from 'react';
import { useProject } from '../data/project';
import { Icon } from '../parts/Icon';
import type { IconName } from '../parts/icons';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { Account } from './Account';
import { HelpDialog } from './HelpDialog';
import { LiveMark } from './LiveMark';
import { Mark } from './Mark';
import { Palette } from './Palette';
import { ProjectSwitch } from './ProjectSwitch';
import { ServerGone } from './ServerGone';
import { ThemeSwitch } from './ThemeSwitch';
import { useShortcuts } from './useShortcuts';

interface Props {
  projects: Project[];
  version: string;
  path: string;
  children: ReactNode;
}

/** What stands around every view: where one is, where one can go, search and help. */
export function Shell({ projects, version, path, children }: Props) {
  const project = useProject().name;
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useShortcuts(project, { search: () => setOpen('palette'), help: () => setOpen('help') });
  const close = () => setOpen(null);
  const views: [string, string, IconName][] = [
    ['Runs', address.runs(project), 'runs'],
    ['Lineage', address.lineage(project), 'lineage'],
    ['Impact', address.impact(project), 'impact'],
    ['Compare', address.compare(project, []), 'compare'],
  ];
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <Link to={address.runs(project)} aria-label="Whence: runs" className="home">
          <Mark />
        </Link>
        <ProjectSwitch projects={projects} />
        <nav aria-label="Views">
          {views.map(([title, to, icon]) => (
            <Link key={to} to={to} aria-current={isAt(path, to) ? 'page' : undefined}>
              <Icon name={icon} size={15} />
              <span>{title}</span>
            </Link>
          ))}
        </nav>
        <span className="spring" />
        <button type="button" className="search-button" onClick={() => setOpen('palette')}>
          <Icon name="search" size={14} />
          <span>Search</span>
          <kbd>/</kbd>
        </button>
        <LiveMark />
        <Account />
        <ThemeSwitch />
        <button
          type="button"
          className="quiet"
          onClick={() => setOpen('help')}
          aria-label="Help and keys"
          title="Help and keys (?)"
        >
          <Icon name="help" />
        </button>
      </header>
      <ServerGone />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'help' && <HelpDialog version={version} onClose={close} />}
    </>
  );
}

function isAt(path: string, to: string): boolean {
  const bare = to.split('?')[0] ?? to;
  return path === bare || (bare.endsWith('/runs') && path.startsWith(bare.replace(/s$/, '/')));
}
