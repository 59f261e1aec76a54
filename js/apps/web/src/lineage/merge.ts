import type { Answer, AnswerEdge, AnswerNode, Gap } from '@whence/api-client';

export type Side = 'up' | 'down';

/** What is known so far of the surroundings of a thing: all answers about it, put together. */
export interface Surroundings {
  nodes: ReadonlyMap<string, AnswerNode>;
  edges: ReadonlyMap<string, AnswerEdge>;
  gaps: ReadonlyMap<string, Gap>;
  /** What an answer has not followed, by side, and was not asked for since. */
  frontier: Readonly<Record<Side, ReadonlySet<string>>>;
  /** What was asked for, by side. */
  followed: Readonly<Record<Side, ReadonlySet<string>>>;
  grounds: Answer['grounds'];
}

export const NOWHERE: Surroundings = {
  nodes: new Map(),
  edges: new Map(),
  gaps: new Map(),
  frontier: { up: new Set(), down: new Set() },
  followed: { up: new Set(), down: new Set() },
  grounds: [],
};

/** `known` with one more answer: about `asked`, to one `side`. */
export function merged(
  known: Surroundings,
  answer: Answer,
  side: Side,
  asked: string,
): Surroundings {
  const nodes = new Map(known.nodes);
  for (const node of answer.nodes) nodes.set(node.id, node);
  const edges = new Map(known.edges);
  for (const edge of answer.edges) edges.set(edgeKey(edge), edge);
  const gaps = new Map(known.gaps);
  for (const gap of answer.completeness.gaps) {
    gaps.set(`${gap.code} ${gap.subject ?? ''} ${gap.detail}`, gap);
  }
  const followed = new Set(known.followed[side]).add(asked);
  const cut = answer.completeness.truncated.flatMap((each) => each.frontier);
  const frontier = new Set([...known.frontier[side], ...cut].filter((id) => !followed.has(id)));
  return {
    nodes,
    edges,
    gaps,
    followed: { ...known.followed, [side]: followed },
    frontier: { ...known.frontier, [side]: frontier },
    grounds: [...(known.grounds ?? []), ...(answer.grounds ?? [])],
  };
}

export function edgeKey(edge: AnswerEdge): string {
  return [edge.source, edge.relation, edge.role, edge.target, edge.known].join(' ');
}

/** How many more things there are, at least, by node and side. */
export function more(known: Surroundings): Record<string, { up?: number; down?: number }> {
  const found: Record<string, { up?: number; down?: number }> = {};
  for (const side of ['up', 'down'] as const) {
    for (const id of known.frontier[side]) found[id] = { ...found[id], [side]: 1 };
  }
  return found;
}
