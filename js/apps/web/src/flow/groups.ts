import type { ColumnUse, FlowEdge, SinkCall, SourceCall } from '@whence/api-client';

export interface Fed {
  key: string;
  sink: SinkCall;
  edges: FlowEdge[];
}

/** The edges by what they fed, in the order in which that was first fed. */
export function bySink(edges: readonly FlowEdge[]): Fed[] {
  const found = new Map<string, Fed>();
  for (const edge of edges) {
    const key = `${siteOf(edge.sink)} ${edge.sink.call} ${edge.sink.class}`;
    const fed = found.get(key) ?? { key, sink: edge.sink, edges: [] };
    fed.edges.push(edge);
    found.set(key, fed);
  }
  return [...found.values()];
}

/** The line of the program where a call stands. */
export function siteOf(call: SourceCall | SinkCall): string {
  return call.file ? `${call.file}:${String(call.line)}` : '';
}

/** What brought data in, in a word: the file, or the call that made them. */
export function nameOfSource(source: SourceCall): string {
  return source.origin || source.call;
}

const PLURALS = {
  features: 'feature',
  labels: 'label',
  derived: 'derived',
  weights: 'weight',
  groups: 'group',
  keys: 'key',
} as const;

/** The columns that a model took, each kind that there is. */
export function takenColumns(edge: FlowEdge): [kind: string, names: string[]][] {
  const kinds = Object.keys(PLURALS) as (keyof typeof PLURALS)[];
  return kinds
    .map((kind): [string, string[]] => [PLURALS[kind], edge.columns[kind]])
    .filter(([, names]) => names.length > 0);
}

/** The columns whose name, use or source holds `find`, what was used first. */
export function foundColumns(columns: readonly ColumnUse[], find: string): ColumnUse[] {
  const wanted = find.trim().toLowerCase();
  const fitting = columns.filter((one) =>
    `${one.column} ${one.use} ${nameOfSource(one.source)}`.toLowerCase().includes(wanted),
  );
  return [
    ...fitting.filter((one) => one.use !== 'unused'),
    ...fitting.filter((one) => one.use === 'unused'),
  ];
}
