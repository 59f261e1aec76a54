/** How long a layout takes, by size. Run: npm run bench -w @whence/lineage-view */

import { pipelines } from '../demo/generate';
import { layoutInput } from '../src/layout/input';
import { layOut } from '../src/layout/nested';
import { graphFrom } from '../src/model/graph';
import { sceneFrom } from '../src/model/scene';

export function bench(say: (line: string) => void): void {
  say('nodes     edges   scene ms  layout ms      work');
  for (const size of [1000, 10000, 50000]) {
    const given = pipelines(size);
    const best = { scene: Infinity, layout: Infinity, work: 0 };
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      const scene = sceneFrom(graphFrom(given), { view: {}, groupBy: 'none', columns: 'auto' });
      const middle = performance.now();
      best.work = layOut(layoutInput(scene)).work;
      best.scene = Math.min(best.scene, middle - start);
      best.layout = Math.min(best.layout, performance.now() - middle);
    }
    const cells = [given.nodes.length, given.edges.length, best.scene, best.layout, best.work];
    say(cells.map((cell) => Math.round(cell).toString().padStart(9)).join(' '));
  }
}
