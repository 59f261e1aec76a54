/** The columns inside a dataset: those that are nodes of the graph first, then known names. */

import type { ColumnsShown } from '../types';
import { columnNames } from './columns';
import type { Graph } from './graph';
import { degree } from './adjacency';
import { nameOf, plain } from './words';

export interface Row {
  readonly name: string;
  /** The number of the column's node, or -1 where only the name is known. */
  readonly node: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly more: number;
  readonly total: number;
}

const MOST_NAMES = 12;
const MOST_NODES = 60;

/** By node: its columns. Shut ones have no rows and say how many there are. */
export function rowsOf(
  graph: Graph,
  owner: Int32Array,
  hidden: Uint8Array,
  shown: ColumnsShown,
  open: ReadonlySet<string>,
  shut: ReadonlySet<string>,
): Map<number, Rows> {
  const nodes = new Map<number, number[]>();
  owner.forEach((whole, v) => {
    if (whole < 0 || hidden[v]) return;
    const list = nodes.get(whole);
    if (list) list.push(v);
    else nodes.set(whole, [v]);
  });
  const found = new Map<number, Rows>();
  graph.nodes.forEach((node, v) => {
    const columns = nodes.get(v) ?? [];
    const names =
      node.type === 'entity' && node.kind !== 'column' ? columnNames(node.attributes) : [];
    const total = Math.max(columns.length, names.length);
    if (total === 0) return;
    const joined = columns.some((c) => degree(graph.up, c) + degree(graph.down, c) > 1);
    const byItself = shown === 'all' || (shown === 'auto' && joined);
    const isOpen = open.has(node.id) || (byItself && !shut.has(node.id));
    const rows = isOpen ? joinedRows(graph, columns, names, open.has(node.id)) : [];
    found.set(v, { rows, more: isOpen ? total - rows.length : 0, total });
  });
  return found;
}

function joinedRows(
  graph: Graph,
  columns: readonly number[],
  names: readonly string[],
  all: boolean,
): Row[] {
  const place = new Map(names.map((name, i) => [name, i]));
  const at = (v: number): number => place.get(graph.nodes[v]!.name) ?? names.length;
  const sorted = [...columns].sort((a, b) => at(a) - at(b) || a - b).slice(0, MOST_NODES);
  const rows = sorted.map((v) => ({ name: nameOf(graph.nodes[v]!), node: v }));
  if (rows.length > 0 && !all) return rows;
  const taken = new Set(columns.map((v) => graph.nodes[v]!.name));
  const rest = names
    .filter((name) => !taken.has(name))
    .slice(0, Math.max(0, MOST_NAMES - rows.length));
  return [...rows, ...rest.map((name) => ({ name: plain(name), node: -1 }))];
}
