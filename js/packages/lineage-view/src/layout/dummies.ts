/** Breaks long links into short ones through stops, so that they run between boxes. */

import { adjacency } from '../model/adjacency';

export interface Stops {
  /** Boxes and stops together: those from `boxes` on are stops. */
  readonly boxes: number;
  readonly count: number;
  readonly rank: Int32Array;
  /** Short links: from one column to the next. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where a short link ends, below the top of a box; 0 at a stop. */
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
  /** By link: its stops from left to right; a link that got none has an empty list. */
  readonly through: readonly (readonly number[])[];
  /** By link: its boxes, and how far below their tops it ends. */
  readonly ends: readonly End[];
}

export interface End {
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
}

interface Long {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
  readonly bundle: Int32Array;
  readonly rank: Int32Array;
}

/**
 * Links that leave the same place of a box share their stops. At most `most` stops are made, for
 * the shortest links first; what is left over is drawn straight.
 */
export function withStops(boxes: number, given: Long, most: number): Stops {
  const { from, to, rank } = given;
  const ranks = Array.from(rank);
  const [starts, stops, startY, stopY]: [number[], number[], number[], number[]] = [[], [], [], []];
  const through: number[][] = Array.from(from, () => []);
  const add = (a: number, b: number, aY: number, bY: number): void => {
    starts.push(a);
    stops.push(b);
    startY.push(aY);
    stopY.push(bY);
  };
  for (const links of bundles(given)) {
    const chain: number[] = [];
    const a = from[links[0]!]!;
    for (const e of links) {
      const b = to[e]!;
      const between = rank[b]! - rank[a]! - 1;
      if (ranks.length + between - chain.length > boxes + most) break;
      while (chain.length < between) {
        const stop = ranks.push(rank[a]! + chain.length + 1) - 1;
        if (chain.length) add(stop - 1, stop, 0, 0);
        else add(a, stop, given.fromY[e]!, 0);
        chain.push(stop);
      }
      if (between > 0) add(chain[between - 1]!, b, 0, given.toY[e]!);
      else add(a, b, given.fromY[e]!, given.toY[e]!);
      through[e] = chain.slice(0, between);
    }
  }
  return {
    boxes,
    count: ranks.length,
    rank: Int32Array.from(ranks),
    from: Int32Array.from(starts),
    to: Int32Array.from(stops),
    fromY: Float64Array.from(startY),
    toY: Float64Array.from(stopY),
    through,
    ends: Array.from(from, (a, e) => ({
      from: a,
      to: to[e]!,
      fromY: given.fromY[e]!,
      toY: given.toY[e]!,
    })),
  };
}

/** Links that may share stops, each bundle from its shortest link on; short bundles first. */
function bundles({ from, to, fromY, bundle, rank }: Long): number[][] {
  const out = adjacency(rank.length, from);
  const found: number[][] = [];
  const span = (e: number): number => rank[to[e]!]! - rank[from[e]!]!;
  for (let v = 0; v < rank.length; v++) {
    const own: number[][] = [];
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const e = out.item[i]!;
      const alike = own.find(([f]) => fromY[f!] === fromY[e] && bundle[f!] === bundle[e]);
      if (alike) alike.push(e);
      else own.push([e]);
    }
    for (const links of own) found.push(links.sort((a, b) => span(a) - span(b) || a - b));
  }
  return found.sort((a, b) => span(a.at(-1)!) - span(b.at(-1)!));
}
