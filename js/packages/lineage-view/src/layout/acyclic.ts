/** Finds the links to turn around so that no circle is left, by a walk in depth. */

import { adjacency } from '../model/adjacency';
import type { Meter } from './types';

/** By link: 1 where it leads back to a box on the way to it, or to itself. */
export function backLinks(
  count: number,
  from: Int32Array,
  to: Int32Array,
  meter: Meter,
): Uint8Array {
  const back = new Uint8Array(from.length);
  const out = adjacency(count, from);
  const state = new Uint8Array(count);
  const next = out.start.slice(0, count);
  const into = new Int32Array(count);
  for (const v of to) into[v]!++;
  const path: number[] = [];
  const walk = (root: number): void => {
    if (state[root]) return;
    path.push(root);
    state[root] = 1;
    while (path.length) {
      const v = path[path.length - 1]!;
      meter.work++;
      if (next[v]! === out.start[v + 1]!) {
        state[v] = 2;
        path.pop();
        continue;
      }
      const e = out.item[next[v]!++]!;
      const u = to[e]!;
      if (state[u] === 1) back[e] = 1;
      else if (!state[u]) {
        state[u] = 1;
        path.push(u);
      }
    }
  };
  for (let v = 0; v < count; v++) if (!into[v]) walk(v);
  for (let v = 0; v < count; v++) walk(v);
  return back;
}
