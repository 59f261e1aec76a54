/** What a node and its links are in a sentence, for the ear and for tips. */

import { itemsOf } from './adjacency';
import { KNOWN } from './family';
import type { Graph } from './graph';
import { relationWords } from './relation';
import { nameOf, plain } from './words';

const SHOWN = 3;

/** `model model.joblib, made by run train.py, 3 inputs`. */
export function described(graph: Graph, v: number): string {
  const node = graph.nodes[v]!;
  const parts = [titleOf(graph, v)];
  const up = [...itemsOf(graph.up, v)];
  const makers = ends(graph, up, 'wasGeneratedBy', graph.cause);
  if (makers.length) parts.push(`made by ${listed(graph, makers)}`);
  if (node.type === 'activity') {
    parts.push(counted(ends(graph, up, 'used', graph.cause).length, 'input'));
    const down = [...itemsOf(graph.down, v)];
    parts.push(counted(ends(graph, down, 'wasGeneratedBy', graph.effect).length, 'output'));
    const status = node.attributes['status'];
    if (typeof status === 'string') parts.push(plain(status));
    return parts.join(', ');
  }
  const inputs = new Set(
    makers.flatMap((m) => ends(graph, [...itemsOf(graph.up, m)], 'used', graph.cause)),
  );
  if (makers.length) parts.push(counted(inputs.size, 'input'));
  const users = ends(graph, [...itemsOf(graph.down, v)], 'used', graph.effect);
  if (users.length) parts.push(`used by ${listed(graph, users)}`);
  return parts.join(', ');
}

export function titleOf(graph: Graph, v: number): string {
  const node = graph.nodes[v]!;
  return `${plain(node.kind)} ${nameOf(node)}`;
}

/** `model.joblib was made by train.py (observed)`. */
export function edgeSentence(graph: Graph, e: number): string {
  const edge = graph.edges[e]!;
  const [effect, cause] = [graph.nodes[graph.effect[e]!]!, graph.nodes[graph.cause[e]!]!];
  const role = edge.role ? ` as ${plain(edge.role)}` : '';
  const known = KNOWN.find((one) => one === edge.known) ?? 'inferred';
  return `${nameOf(effect)} ${relationWords(edge.relation)} ${nameOf(cause)}${role} (${known})`;
}

function ends(
  graph: Graph,
  edges: readonly number[],
  relation: string,
  side: Int32Array,
): number[] {
  const found = edges.filter((e) => graph.edges[e]!.relation === relation);
  return [...new Set(found.map((e) => side[e]!))];
}

function listed(graph: Graph, all: readonly number[]): string {
  const shown = all.slice(0, SHOWN).map((v) => titleOf(graph, v));
  const more = all.length - shown.length;
  return more > 0 ? `${shown.join(' and ')} and ${more} more` : shown.join(' and ');
}

const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
