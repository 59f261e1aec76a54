/** What the answer says about itself, by box: gaps, and where it was cut. */

import type { Scene } from '../model/scene';
import type { Completeness } from '../types';

export interface Notes {
  readonly gaps: ReadonlyMap<number, number>;
  readonly frontier: ReadonlySet<number>;
}

export function notesOf(scene: Scene, completeness: Completeness | undefined): Notes {
  const gaps = new Map<number, number>();
  const frontier = new Set<number>();
  const boxOf = (id: string | null): number => {
    const v = id === null ? undefined : scene.graph.index.get(id);
    return v === undefined ? -1 : scene.boxOf[v]!;
  };
  for (const gap of completeness?.gaps ?? []) {
    const box = boxOf(gap.subject);
    if (box >= 0) gaps.set(box, (gaps.get(box) ?? 0) + gap.count);
  }
  for (const { frontier: ids } of completeness?.truncated ?? []) {
    for (const id of ids) if (boxOf(id) >= 0) frontier.add(boxOf(id));
  }
  return { gaps, frontier };
}

/** A sentence for the strip on top, or null where the answer is complete. */
export function completenessText(completeness: Completeness | undefined): string | null {
  if (!completeness || completeness.complete) return null;
  const gaps = completeness.gaps.reduce((sum, gap) => sum + gap.count, 0);
  const parts: string[] = [];
  if (gaps)
    parts.push(`${gaps.toLocaleString('en')} ${gaps === 1 ? 'gap' : 'gaps'} in what was recorded`);
  for (const { limit, value, frontier } of completeness.truncated) {
    const things = `${frontier.length.toLocaleString('en')} ${frontier.length === 1 ? 'thing' : 'things'}`;
    parts.push(`cut at ${limit} ${value.toLocaleString('en')}, ${things} not followed`);
  }
  return `Not complete: ${parts.join('; ') || 'something is missing'}.`;
}
