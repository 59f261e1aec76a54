/** What a node is to the eye: its family gives the colour, its icon the shape. */

import type { Known, LineageNode } from '../types';

export const FAMILIES = ['data', 'model', 'activity', 'code', 'agent', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

export const ICONS = [
  'dataset',
  'file',
  'folder',
  'model',
  'run',
  'stage',
  'call',
  'metric',
  'code',
  'commit',
  'package',
  'column',
  'array',
  'agent',
  'software',
  'figure',
  'plan',
  'link',
  'thing',
] as const;
export type Icon = (typeof ICONS)[number];

const DATA = new Set([
  'dataset',
  'file',
  'directory',
  'frame',
  'variable',
  'array',
  'column',
  'database',
  'table',
  'url',
  'stream',
  'content',
  'figure',
  'output',
  'metric',
]);
const CODE = new Set(['code', 'notebook', 'commit', 'diff', 'environment', 'package', 'plan']);

const ICON_OF: Readonly<Record<string, Icon>> = {
  dataset: 'dataset',
  frame: 'dataset',
  variable: 'array',
  output: 'figure',
  notebook: 'code',
  table: 'dataset',
  database: 'dataset',
  file: 'file',
  content: 'file',
  stream: 'file',
  directory: 'folder',
  url: 'link',
  model: 'model',
  run: 'run',
  experiment: 'run',
  project: 'run',
  process: 'run',
  command: 'run',
  stage: 'stage',
  section: 'stage',
  step: 'stage',
  cell: 'code',
  call: 'call',
  fit: 'call',
  read: 'call',
  write: 'call',
  score: 'metric',
  metric: 'metric',
  code: 'code',
  commit: 'commit',
  diff: 'commit',
  environment: 'package',
  package: 'package',
  column: 'column',
  array: 'array',
  person: 'agent',
  software: 'software',
  figure: 'figure',
  plan: 'plan',
};

export function familyOf(node: Pick<LineageNode, 'type' | 'kind'>): Family {
  if (node.type === 'activity') return 'activity';
  if (node.type === 'agent') return 'agent';
  if (node.kind === 'model') return 'model';
  if (DATA.has(node.kind)) return 'data';
  return CODE.has(node.kind) ? 'code' : 'other';
}

export function iconOf(node: Pick<LineageNode, 'type' | 'kind'>): Icon {
  if (Object.hasOwn(ICON_OF, node.kind)) return ICON_OF[node.kind]!;
  if (node.type === 'activity') return 'run';
  return node.type === 'agent' ? 'agent' : 'thing';
}

const LIVE = new Set(['frame', 'variable', 'array', 'column', 'model']);

/** Whether the node was an object in a program's memory, which ended with the program. */
export function livesInMemory(node: LineageNode): boolean {
  return node.type === 'entity' && LIVE.has(node.kind) && node.places.length === 0 && !node.digest;
}

export const KNOWN: readonly Known[] = ['observed', 'declared', 'inferred'];

/** 0 observed, 1 declared, 2 inferred; a word that we do not know counts as inferred. */
export function knownRank(known: string): number {
  const rank = KNOWN.indexOf(known as Known);
  return rank < 0 ? 2 : rank;
}
