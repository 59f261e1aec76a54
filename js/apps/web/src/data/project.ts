import type { ProjectApi } from '@whence/api-client';
import { createContext, useContext } from 'react';

export const ProjectContext = createContext<ProjectApi | null>(null);

/** The project that the address names. */
export function useProject(): ProjectApi {
  const project = useContext(ProjectContext);
  if (!project) throw new Error('A view of a project was drawn outside of one');
  return project;
}
