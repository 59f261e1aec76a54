import type { AnswerNode, Json, Sheet } from '@whence/api-client';

/** The node that the sheet is about. */
export function subjectOf(sheet: Sheet): AnswerNode | undefined {
  const subjects = sheet.query.subjects;
  const first = Array.isArray(subjects) ? subjects[0] : undefined;
  return sheet.nodes.find((node) => node.id === first) ?? sheet.nodes[0];
}

export interface Environment {
  name: string;
  facts: [string, Json][];
  packages: Record<string, string>;
}

/** The interpreter, the machine and the packages that the run had. */
export function environmentOf(sheet: Sheet): Environment {
  const node = sheet.nodes.find((one) => one.kind === 'environment');
  const { packages, ...rest } = node?.attributes ?? {};
  const isTable = typeof packages === 'object' && packages !== null && !Array.isArray(packages);
  return {
    name: node?.name ?? '',
    facts: Object.entries(rest).filter(([, value]) => typeof value !== 'object'),
    packages: isTable ? (packages as Record<string, string>) : {},
  };
}

/** A text attribute of a node, or null. */
export function textOf(node: AnswerNode, key: string): string | null {
  const value = node.attributes[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

export interface Use {
  node: AnswerNode;
  role: string;
  at: string | null;
  known: string;
}

const BESIDE = new Set(['environment', 'code', 'commit', 'package', 'uncommitted']);

/** What went into the run and what came out of it, without its code and its environment. */
export function usesOf(sheet: Sheet, run: AnswerNode): { inputs: Use[]; outputs: Use[] } {
  const byId = new Map(sheet.nodes.map((node) => [node.id, node]));
  const inputs = new Map<string, Use>();
  const outputs = new Map<string, Use>();
  for (const edge of sheet.edges) {
    const isInput = edge.source === run.id && edge.relation === 'used';
    const isOutput = edge.target === run.id && edge.relation === 'wasGeneratedBy';
    const node = byId.get(isInput ? edge.target : edge.source);
    if (!node || (!isInput && !isOutput) || BESIDE.has(node.kind)) continue;
    const use = { node, role: edge.role, at: edge.at, known: edge.known };
    (isInput ? inputs : outputs).set(node.id, use);
  }
  return { inputs: [...inputs.values()], outputs: [...outputs.values()] };
}
