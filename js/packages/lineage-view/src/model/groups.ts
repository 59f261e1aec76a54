/** Which group each node is in, when drawn by run, stage or pipeline. */

import type { GroupBy } from '../types';
import { livesInMemory } from './family';
import type { Graph } from './graph';
import { itemsOf } from './adjacency';

const STUDIES = new Set(['experiment', 'project']);

/** By node: the number of the node that heads its group, or -1. A head is in its own group. */
export function groupsOf(graph: Graph, by: GroupBy): Int32Array {
  const head = new Int32Array(graph.nodes.length).fill(-1);
  if (by === 'none') return head;
  const parent = parentsOf(graph);
  const headOf = by === 'run' ? runHead : by === 'stage' ? stageHead : pipelineHead;
  graph.nodes.forEach((node, v) => {
    if (node.type === 'activity') head[v] = headOf(graph, parent, v);
  });
  graph.nodes.forEach((node, v) => {
    if (livesInMemory(node)) head[v] = homeOf(graph, head, v);
  });
  if (by === 'pipeline') takeIntermediates(graph, head);
  for (let v = 0; v < head.length; v++) if (head[v]! >= 0) head[head[v]!] = head[v]!;
  return head;
}

function parentsOf(graph: Graph): Int32Array {
  const parent = new Int32Array(graph.nodes.length).fill(-1);
  graph.edges.forEach((edge, e) => {
    if (edge.relation === 'partOf') parent[graph.effect[e]!] = graph.cause[e]!;
  });
  return parent;
}

/** The activity and those it is part of, inside out; a circle ends the walk. */
function ancestry(parent: Int32Array, v: number): number[] {
  const found = new Set<number>();
  for (let at = v; at >= 0 && !found.has(at); at = parent[at]!) found.add(at);
  return [...found];
}

/** The outermost activity that shares memory with this one. */
function runHead(graph: Graph, parent: Int32Array, v: number): number {
  const inside = ancestry(parent, v).filter((a) => !STUDIES.has(graph.nodes[a]!.kind));
  return inside.at(-1) ?? -1;
}

function stageHead(graph: Graph, parent: Int32Array, v: number): number {
  const stage = ancestry(parent, v).find((a) => graph.nodes[a]!.kind === 'stage');
  return stage ?? runHead(graph, parent, v);
}

function pipelineHead(graph: Graph, parent: Int32Array, v: number): number {
  const up = ancestry(parent, v);
  const study = up.findLast((a) => STUDIES.has(graph.nodes[a]!.kind));
  if (study !== undefined) return study;
  for (const a of up)
    for (const e of itemsOf(graph.up, a))
      if (graph.edges[e]!.relation === 'hadPlan') return graph.cause[e]!;
  return runHead(graph, parent, v);
}

/** The group of what made an object in memory, else of what used it. */
function homeOf(graph: Graph, head: Int32Array, v: number): number {
  for (const e of itemsOf(graph.up, v))
    if (graph.edges[e]!.relation === 'wasGeneratedBy') return head[graph.cause[e]!]!;
  for (const e of itemsOf(graph.down, v))
    if (graph.edges[e]!.relation === 'used') return head[graph.effect[e]!]!;
  return -1;
}

/** What a pipeline both made and used, and nobody else did, goes inside of it. */
function takeIntermediates(graph: Graph, head: Int32Array): void {
  const homes: [number, number][] = [];
  graph.nodes.forEach((node, v) => {
    if (node.type !== 'entity' || head[v]! >= 0) return;
    const made = [...itemsOf(graph.up, v)].map((e) => head[graph.cause[e]!]!);
    const used = [...itemsOf(graph.down, v)].map((e) => head[graph.effect[e]!]!);
    const home = made[0] ?? -1;
    if (home < 0 || used.length === 0) return;
    if ([...made, ...used].every((one) => one === home)) homes.push([v, home]);
  });
  for (const [v, home] of homes) head[v] = home;
}
