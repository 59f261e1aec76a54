import type { AnswerNode } from '@whence/api-client';
import type { IconName } from '../parts/icons';
import { address } from '../router/address';

export interface Entry {
  name: string;
  kind: string;
  to: string;
  icon?: IconName;
}

/** What the palette offers: what was found, then the views whose name holds the text. */
export function entries(project: string, text: string, found: readonly AnswerNode[]): Entry[] {
  const views: Entry[] = [
    { name: 'Runs', kind: 'view', to: address.runs(project), icon: 'runs' },
    { name: 'Lineage', kind: 'view', to: address.lineage(project), icon: 'lineage' },
    { name: 'Impact', kind: 'view', to: address.impact(project), icon: 'impact' },
    { name: 'Compare', kind: 'view', to: address.compare(project, []), icon: 'compare' },
  ];
  const wanted = text.trim().toLowerCase();
  const things = found.map((node) => ({
    name: node.name || node.id,
    kind: node.kind,
    to: node.kind === 'run' ? address.run(project, node.id) : address.lineage(project, node.id),
  }));
  return [
    ...(wanted ? things : []),
    ...views.filter((view) => view.name.toLowerCase().includes(wanted)),
  ];
}
