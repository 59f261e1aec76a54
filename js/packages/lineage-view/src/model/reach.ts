/** Walks over links from cause to effect: what lies upstream, downstream, or between two things. */

import { adjacency, itemsOf, type Adjacency } from './adjacency';

export interface Links {
  readonly count: number;
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly out: Adjacency;
  readonly into: Adjacency;
}

export function links(count: number, from: ArrayLike<number>, to: ArrayLike<number>): Links {
  return { count, from, to, out: adjacency(count, from), into: adjacency(count, to) };
}

/** By node: 1 where it can be reached from one of `starts` by links forward (or backward). */
export function reach(all: Links, starts: Iterable<number>, forward: boolean): Uint8Array {
  const seen = new Uint8Array(all.count);
  const queue = [...starts];
  for (const v of queue) seen[v] = 1;
  for (let v = queue.pop(); v !== undefined; v = queue.pop()) {
    for (const e of itemsOf(forward ? all.out : all.into, v)) {
      const u = forward ? all.to[e]! : all.from[e]!;
      if (seen[u]) continue;
      seen[u] = 1;
      queue.push(u);
    }
  }
  return seen;
}

export interface Lit {
  readonly node: Uint8Array;
  readonly link: Uint8Array;
}

/** The nodes and links on any path between two nodes, whichever of them is the cause. */
export function between(all: Links, a: number, b: number): Lit | null {
  return oneWay(all, a, b) ?? oneWay(all, b, a);
}

function oneWay(all: Links, cause: number, effect: number): Lit | null {
  const forth = reach(all, [cause], true);
  if (!forth[effect]) return null;
  const back = reach(all, [effect], false);
  return lit(all, (v) => forth[v] === 1 && back[v] === 1);
}

/** All upstream and downstream of some nodes, with the links that lead there. */
export function lineageOf(all: Links, starts: readonly number[]): Lit {
  const down = reach(all, starts, true);
  const up = reach(all, starts, false);
  const found = lit(all, (u) => down[u] === 1 || up[u] === 1);
  for (let e = 0; e < found.link.length; e++) {
    const a = all.from[e]!;
    const b = all.to[e]!;
    found.link[e] = (down[a] && down[b]) || (up[a] && up[b]) ? 1 : 0;
  }
  return found;
}

function lit(all: Links, isLit: (v: number) => boolean): Lit {
  const node = new Uint8Array(all.count);
  for (let v = 0; v < all.count; v++) node[v] = isLit(v) ? 1 : 0;
  const link = new Uint8Array(all.from.length);
  for (let e = 0; e < link.length; e++) link[e] = node[all.from[e]!]! & node[all.to[e]!]!;
  return { node, link };
}
