import type { AnswerNode, Json } from '@whence/api-client';

export interface Group {
  title: string;
  nodes: AnswerNode[];
}

const GROUPS: [string, (node: AnswerNode) => boolean][] = [
  ['Models', (node) => node.kind === 'model' || node.kind === 'checkpoint'],
  ['Figures', (node) => isFigure(node)],
  ['Files and datasets', (node) => node.type === 'entity' && node.places.length > 0],
  ['Runs', (node) => node.kind === 'run'],
  ['Columns', (node) => node.kind === 'column'],
  ['In memory', (node) => node.type === 'entity'],
  ['Calls', (node) => node.type === 'activity'],
];

/** What an answer names, without the thing asked about, each in the first group that it fits. */
export function touched(nodes: readonly AnswerNode[], subject: string): Group[] {
  const groups = GROUPS.map(([title]): Group => ({ title, nodes: [] }));
  for (const node of nodes) {
    if (node.id === subject) continue;
    const index = GROUPS.findIndex(([, fits]) => fits(node));
    groups[index]?.nodes.push(node);
  }
  for (const group of groups) group.nodes.sort(byWeight);
  return groups.filter((group) => group.nodes.length > 0);
}

function isFigure(node: AnswerNode): boolean {
  return node.kind === 'metric' || node.kind === 'score' || figureOf(node) !== undefined;
}

/** The number that an evaluation gave, where the node is one. */
export function figureOf(node: AnswerNode): Json | undefined {
  const isResult = node.kind === 'metric' || node.kind === 'score' || node.kind === 'evaluate';
  return isResult ? node.attributes.value : undefined;
}

/** What lies in a file comes before what was only in memory; then by name. */
function byWeight(a: AnswerNode, b: AnswerNode): number {
  const inFile = Number(b.places.length > 0) - Number(a.places.length > 0);
  return inFile || a.name.localeCompare(b.name, 'en', { numeric: true });
}
