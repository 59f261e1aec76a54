/** What is to be drawn: boxes and the links between them. Sizes are known, places not yet. */

import type { ColumnsShown, GroupBy, LineageViewState } from '../types';
import { hiddenBy } from './collapse';
import { ownersOf } from './columns';
import type { Graph } from './graph';
import { groupsOf } from './groups';
import { linksOf, type Link } from './link';
import { rowsOf, type Row } from './rows';
import { CARD_HEIGHT, CARD_WIDTH, ROW_HEIGHT, ROWS_FOOT } from './size';

export interface Box {
  readonly id: string;
  /** The node it stands for; of a group, the one that heads it. */
  readonly node: number;
  readonly kind: 'card' | 'stack' | 'frame';
  /** How many nodes a stack or a frame holds, beside its head. */
  readonly holds: number;
  /** The box of the open group that it lies in, or -1. */
  readonly parent: number;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  /** Columns that are known but have no row here. */
  readonly moreRows: number;
  /** How many columns it has, shown or not. */
  readonly columns: number;
}

export interface Scene {
  readonly graph: Graph;
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  /** By node: its box, or -1 where it is not drawn. */
  readonly boxOf: Int32Array;
  /** Boxes in the order of time, each once. */
  readonly order: Int32Array;
  /** How much each collapsed side hides, by `side:id`. */
  readonly collapsed: ReadonlyMap<string, number>;
}

export interface SceneOptions {
  readonly view: LineageViewState;
  readonly groupBy: GroupBy;
  readonly columns: ColumnsShown;
  /** Ids in the order of time. */
  readonly order?: readonly string[] | undefined;
}

export function sceneFrom(graph: Graph, options: SceneOptions): Scene {
  const { view } = options;
  const owner = ownersOf(graph);
  const head = groupsOf(graph, options.groupBy);
  const hidden = hiddenBy(graph, view.collapsed ?? [], view.hidden, head);
  const open = new Set(view.open);
  const members = membersOf(graph, head, owner, hidden.node);
  const rows = rowsOf(graph, owner, hidden.node, options.columns, open, new Set(view.shut));
  const boxOf = new Int32Array(graph.nodes.length).fill(-1);
  const boxes: Box[] = [];
  const add = (v: number, kind: Box['kind'], parent: number): number => {
    const shown = rows.get(v);
    const inside = shown && kind === 'card' ? shown.rows : [];
    const foot = shown && kind === 'card' && shown.more > 0 ? ROWS_FOOT : 0;
    boxOf[v] = boxes.length;
    boxes.push({
      id: graph.nodes[v]!.id,
      node: v,
      kind,
      holds: kind === 'card' ? 0 : members.get(v)!.filter((u) => u !== v).length,
      parent,
      width: CARD_WIDTH,
      height: CARD_HEIGHT + (inside.length ? inside.length * ROW_HEIGHT + 8 : 0) + foot,
      rows: inside,
      moreRows: foot ? shown!.more : 0,
      columns: shown?.total ?? 0,
    });
    return boxes.length - 1;
  };
  graph.nodes.forEach((_, v) => {
    if (hidden.node[v] || owner[v]! >= 0) return;
    const group = head[v]!;
    const holds = group >= 0 ? members.get(group) : undefined;
    if (group >= 0 && hidden.node[group]) return;
    if (!holds || holds.length < 2) {
      add(v, 'card', -1);
      return;
    }
    if (boxOf[group] === -1) add(group, open.has(graph.nodes[group]!.id) ? 'frame' : 'stack', -1);
    if (v === group) return;
    const box = boxOf[group]!;
    if (boxes[box]!.kind === 'frame') add(v, 'card', box);
    else boxOf[v] = box;
  });
  graph.nodes.forEach((_, v) => {
    if (!hidden.node[v] && owner[v]! >= 0) boxOf[v] = boxOf[owner[v]!]!;
  });
  const links = linksOf(graph, boxes, boxOf, hidden.edge);
  const order = inTime(graph, boxOf, options.order ?? []);
  return { graph, boxes, links, boxOf, order, collapsed: hidden.count };
}

function inTime(graph: Graph, boxOf: Int32Array, ids: readonly string[]): Int32Array {
  const found = new Set<number>();
  for (const id of ids) {
    const box = boxOf[graph.index.get(id) ?? -1] ?? -1;
    if (box >= 0) found.add(box);
  }
  return Int32Array.from(found);
}

function membersOf(
  graph: Graph,
  head: Int32Array,
  owner: Int32Array,
  hidden: Uint8Array,
): Map<number, number[]> {
  const members = new Map<number, number[]>();
  graph.nodes.forEach((_, v) => {
    if (head[v]! < 0 || hidden[v] || owner[v]! >= 0) return;
    const list = members.get(head[v]!);
    if (list) list.push(v);
    else members.set(head[v]!, [v]);
  });
  return members;
}
