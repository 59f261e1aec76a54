/** Which boxes and links are lit: by focus, by a path between two things. */

import type { Light } from '../draw/look';
import { between, lineageOf, links, type Lit } from '../model/reach';
import { matches, wordsOf } from '../model/search';
import type { Scene } from '../model/scene';
import type { Highlight } from '../types';

export interface Lights {
  readonly light: Light | null;
  readonly path: Light | null;
}

export function lightsOf(
  scene: Scene,
  lit: string | undefined,
  highlight: Highlight | null | undefined,
): Lights {
  const box = (id: string | undefined): number => {
    const v = id === undefined ? undefined : scene.graph.index.get(id);
    return v === undefined ? -1 : scene.boxOf[v]!;
  };
  const all = links(
    scene.boxes.length,
    scene.links.map((link) => link.from),
    scene.links.map((link) => link.to),
  );
  const [from, to] = [box(highlight?.from), box(highlight?.to)];
  const path = from >= 0 && to >= 0 ? asLight(scene, between(all, from, to)) : null;
  const middle = box(lit);
  const focus = middle >= 0 ? asLight(scene, lineageOf(all, withParts(scene, middle))) : null;
  return { path, light: path ?? focus };
}

/** The box, and those in it where it is an open group. */
function withParts(scene: Scene, box: number): number[] {
  return [box, ...scene.boxes.flatMap(({ parent }, v) => (parent === box ? [v] : []))];
}

/** The frame around a lit box is lit too. */
function asLight(scene: Scene, found: Lit | null): Light | null {
  if (!found) return null;
  scene.boxes.forEach(({ parent }, v) => {
    if (found.node[v] && parent >= 0) found.node[parent] = 1;
  });
  return { box: found.node, link: found.link };
}

/** The nodes that a search finds and that have a box, from left to right and top to bottom. */
export function foundNodes(scene: Scene, search: string | undefined): number[] {
  const words = wordsOf(search);
  if (words.length === 0) return [];
  return scene.graph.nodes.flatMap((node, v) =>
    scene.boxOf[v]! >= 0 && matches(node, words) ? [v] : [],
  );
}
