/** What is drawn of a view: its graph, with what this page knows better than the record. */

import type { LineageGraph, LineageNode } from '@whence/lineage-view';
import type { NotebookView } from '../state/types';

export interface FlowChoice {
  /** Cells that run now. */
  readonly running: readonly string[];
  /** The states of cells as this page knows them. */
  readonly states: ReadonlyMap<string, string>;
}

export interface Flow {
  readonly graph: LineageGraph;
  /** Ids of cells in the order in which they ran. */
  readonly order: readonly string[];
}

export function flowOf(
  view: Pick<NotebookView, 'graph' | 'completeness'>,
  choice: FlowChoice,
): Flow {
  const { nodes, edges } = view.graph;
  const ran = nodes.filter(isCell).sort((a, b) => whenOf(a) - whenOf(b));
  const last = new Set(lastOfEach(ran));
  const waiting = waitingCells(choice.running, ran);
  const shown = nodes.map((node) => (last.has(node) ? marked(node, choice) : node));
  const { completeness } = view;
  return {
    graph: { nodes: [...shown, ...waiting], edges, completeness },
    order: [...ran, ...waiting].map((node) => node.id),
  };
}

export function isCell(node: LineageNode): boolean {
  return node.type === 'activity' && node.kind === 'cell';
}

/** The cell that a thing of the drawing belongs to, or null. */
export function cellOf(node: LineageNode): string | null {
  const { cell } = node.attributes;
  const id = typeof cell === 'object' && cell !== null ? (cell as { id?: unknown }).id : cell;
  return typeof id === 'string' && id !== '' ? id : null;
}

function whenOf(node: LineageNode): number {
  const { execution, count } = node.attributes;
  return typeof execution === 'number' ? execution : typeof count === 'number' ? count : 0;
}

function lastOfEach(ran: readonly LineageNode[]): LineageNode[] {
  const last = new Map<string, LineageNode>();
  for (const node of ran) last.set(cellOf(node) ?? node.id, node);
  return ran.filter((node) => last.get(cellOf(node) ?? node.id) === node);
}

function marked(node: LineageNode, { running, states }: FlowChoice): LineageNode {
  const cell = cellOf(node);
  if (cell === null) return node;
  if (running.includes(cell)) return withAttributes(node, { status: 'running', state: 'running' });
  const state = states.get(cell);
  return state === undefined ? node : withAttributes(node, { state });
}

function withAttributes(node: LineageNode, more: Record<string, unknown>): LineageNode {
  return { ...node, attributes: { ...node.attributes, ...more } };
}

/** Cells that run for the first time have nothing recorded yet, and are shown all the same. */
function waitingCells(running: readonly string[], kept: readonly LineageNode[]): LineageNode[] {
  const known = new Set(kept.map(cellOf));
  return running
    .filter((id) => !known.has(id))
    .map((id) => ({
      id: `running ${id}`,
      type: 'activity',
      kind: 'cell',
      name: 'In [*]',
      digest: null,
      places: [],
      attributes: { status: 'running', state: 'running', cell: id },
    }));
}

/** The cell that a thing is made in, or else first used in: where a click on it leads. */
export function homeOf(graph: LineageGraph, id: string): string | null {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  let queue = [id];
  while (queue.length > 0) {
    for (const one of queue) {
      const node = byId.get(one);
      const own = node && cellOf(node);
      if (own) return own;
      seen.add(one);
    }
    const here = new Set(queue);
    const ups = graph.edges.filter((e) => here.has(e.source)).map((e) => e.target);
    const downs = graph.edges.filter((e) => here.has(e.target)).map((e) => e.source);
    queue = [...new Set([...ups, ...downs])].filter((one) => !seen.has(one));
    if (seen.size > FAR) return null;
  }
  return null;
}

const FAR = 500;
