import type { Project } from '@whence/api-client';
import { useProject } from '../data/project';
import { shortened, visible } from '../format/text';
import { address } from '../router/address';
import { navigate } from '../router/location';

/** The project that is shown, and the others to choose from. */
export function ProjectSwitch({ projects }: { projects: Project[] }) {
  const project = useProject().name;
  if (projects.length < 2) return <span className="project">{project}</span>;
  return (
    <select
      className="project"
      aria-label="Project"
      value={project}
      onChange={(event) => navigate(address.runs(event.target.value))}
    >
      {projects.map(({ name }) => (
        <option key={name} value={name}>
          {visible(shortened(name, 40))}
        </option>
      ))}
    </select>
  );
}
