/** Finding nodes by text: every word must be in the name, kind, digest, id or a place. */

import type { LineageNode } from '../types';

export function matches(node: LineageNode, words: readonly string[]): boolean {
  const text = [node.name, node.kind, node.digest ?? '', node.id, ...node.places]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The words of a search; none for an empty text. */
export function wordsOf(search: string | undefined): string[] {
  return (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
}
