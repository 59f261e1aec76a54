import type { AnswerNode } from '@whence/api-client';

/** The runs of one filter and order as far as they are loaded: always a beginning without holes. */
export interface Loaded {
  items: readonly AnswerNode[];
  next: string | null;
  total: number | null;
}

export const NOTHING: Loaded = { items: [], next: null, total: null };
const PAGE = 100;
const LARGEST = 1000;

/** How many rows the table has: what is known, or what is loaded and one more to ask for. */
export function rowCount(loaded: Loaded): number {
  return loaded.total ?? loaded.items.length + (loaded.next ? 1 : 0);
}

/**
 * How many runs to ask for next so that the row `last` can be drawn; 0 when it is there.
 *
 * A page is small while a person reads on, and as large as the server gives after a long jump.
 */
export function missing(loaded: Loaded, last: number): number {
  if (!loaded.next) return 0;
  const short = last + PAGE / 2 - loaded.items.length;
  if (short <= 0) return 0;
  return Math.min(Math.max(PAGE, short), LARGEST);
}

/** `loaded` with one more page behind it; a run that moved meanwhile is not there twice. */
export function joined(
  loaded: Loaded,
  page: { items: readonly AnswerNode[]; next: string | null; total: number | null },
): Loaded {
  const seen = new Set(loaded.items.map((run) => run.id));
  const fresh = page.items.filter((run) => !seen.has(run.id));
  return {
    items: [...loaded.items, ...fresh],
    next: page.next,
    total: page.next === null ? loaded.items.length + fresh.length : (page.total ?? loaded.total),
  };
}

/** `loaded` after its first page was asked for again: what changed takes its new shape. */
export function renewed(loaded: Loaded, first: Loaded): Loaded {
  if (loaded.items.length <= first.items.length) return first;
  const fresh = new Set(first.items.map((run) => run.id));
  const isWhole = loaded.items.slice(0, first.items.length).every((run) => fresh.has(run.id));
  if (!isWhole) return first;
  return { ...loaded, items: [...first.items, ...loaded.items.slice(first.items.length)] };
}
