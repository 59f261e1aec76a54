/** Where an arrow key leads: along a link to the left or right, or up and down a column. */

import type { Layout } from '../layout/types';
import type { Scene } from '../model/scene';

export type Step = 'left' | 'right' | 'up' | 'down';

/** The box to go to, or -1 where there is none. */
export function nextBox(scene: Scene, layout: Layout, from: number, step: Step): number {
  return step === 'left' || step === 'right'
    ? alongLink(scene, layout, from, step)
    : inColumn(scene, layout, from, step);
}

/** The neighbour at the most equal height; quiet links only where there are no others. */
function alongLink(scene: Scene, layout: Layout, from: number, step: 'left' | 'right'): number {
  let best = -1;
  let least = Infinity;
  for (const link of scene.links) {
    const [here, there] = step === 'left' ? [link.to, link.from] : [link.from, link.to];
    if (here !== from) continue;
    const cost = Math.abs(layout.y[there]! - layout.y[from]!) + (link.quiet ? 1e7 : 0);
    if (cost >= least) continue;
    least = cost;
    best = there;
  }
  return best;
}

function inColumn(scene: Scene, layout: Layout, from: number, step: 'up' | 'down'): number {
  const { x, y, width } = layout;
  let best = -1;
  let least = Infinity;
  scene.boxes.forEach((box, v) => {
    const below = step === 'down' ? y[v]! - y[from]! : y[from]! - y[v]!;
    const apart = x[v]! > x[from]! + width[from]! || x[v]! + width[v]! < x[from]!;
    if (v === from || below <= 0 || apart || box.parent !== scene.boxes[from]!.parent) return;
    if (below >= least) return;
    least = below;
    best = v;
  });
  return best;
}
