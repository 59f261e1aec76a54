/** Neighbour lists in two flat arrays: `item[start[v]]` to `item[start[v + 1] - 1]` belong to v. */

export interface Adjacency {
  readonly start: Int32Array;
  readonly item: Int32Array;
}

/** Lists, for each of `count` owners, the positions i with `owner[i]` equal to it, in order. */
export function adjacency(count: number, owner: ArrayLike<number>): Adjacency {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < owner.length; i++) if (owner[i]! >= 0) start[owner[i]! + 1]!++;
  for (let v = 0; v < count; v++) start[v + 1]! += start[v]!;
  const next = start.slice(0, count);
  const item = new Int32Array(start[count]!);
  for (let i = 0; i < owner.length; i++) if (owner[i]! >= 0) item[next[owner[i]!]!++] = i;
  return { start, item };
}

export function degree(lists: Adjacency, v: number): number {
  return lists.start[v + 1]! - lists.start[v]!;
}

/** The items of one owner, without a copy. */
export function itemsOf(lists: Adjacency, v: number): Int32Array {
  return lists.item.subarray(lists.start[v]!, lists.start[v + 1]!);
}
