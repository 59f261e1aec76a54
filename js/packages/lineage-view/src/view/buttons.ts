/** The buttons at each box, made when they are first needed. */

import { insideHandle, sideHandle, type Handle } from '../draw/handles';
import type { Fitter } from '../draw/text';
import type { Scene } from '../model/scene';
import type { Direction, More } from '../types';
import type { Notes } from './notes';

export interface ButtonFacts {
  readonly scene: Scene;
  readonly notes: Notes;
  readonly more: Readonly<Record<string, More>> | undefined;
  readonly expanding: ReadonlySet<string>;
  readonly canExpand: boolean;
  readonly font: string;
  readonly fitter: Fitter;
}

export function buttonsFor(facts: ButtonFacts): (box: number) => readonly Handle[] {
  const { scene, notes, more, font, fitter } = facts;
  const links: Record<Direction, Int32Array> = {
    up: new Int32Array(scene.boxes.length),
    down: new Int32Array(scene.boxes.length),
  };
  for (const { from, to } of scene.links) {
    links.down[from]!++;
    links.up[to]!++;
    const [a, b] = [scene.boxes[from]!.parent, scene.boxes[to]!.parent];
    if (a === b) continue;
    if (a >= 0) links.down[a]!++;
    if (b >= 0) links.up[b]!++;
  }
  const known = new Map<number, readonly Handle[]>();
  const make = (v: number): readonly Handle[] => {
    const box = scene.boxes[v]!;
    const has = more && Object.hasOwn(more, box.id) ? more[box.id] : undefined;
    const sides = (['up', 'down'] as const).map((side) =>
      sideHandle(
        box,
        side,
        {
          links: links[side][v]!,
          hidden: scene.collapsed.get(`${side}:${box.id}`),
          more: has?.[side],
          frontier: notes.frontier.has(v) && links[side][v] === 0,
          busy: facts.expanding.has(box.id) && links[side][v] === 0,
          canExpand: facts.canExpand,
        },
        font,
        fitter,
      ),
    );
    return [...sides, insideHandle(box, font, fitter)].filter((one) => one !== null);
  };
  return (v) => {
    let found = known.get(v);
    if (!found) known.set(v, (found = make(v)));
    return found;
  };
}
