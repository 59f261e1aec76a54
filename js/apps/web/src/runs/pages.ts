import type { AnswerNode } from '@whence/api-client';

/** What the server tells of one page of runs. */
export interface Page {
  items: readonly AnswerNode[];
  next: string | null;
  total: number | null;
}

/** The runs of one filter and order: those pages of the long list that were looked at. */
export interface Loaded {
  pages: ReadonlyMap<number, readonly AnswerNode[]>;
  /** How many runs there are; null until it is known. */
  total: number | null;
}

export const NOTHING: Loaded = { pages: new Map(), total: null };
export const PAGE = 50;
/** So many pages are kept; those that lie farthest from what is in sight give way. */
const KEPT = 100;

/** How many rows the table has. */
export function rowCount({ pages, total }: Loaded): number {
  if (total !== null) return total;
  return Math.max(0, ...[...pages].map(([page, runs]) => page * PAGE + runs.length));
}

/** The run in a row, where it was loaded. */
export function runAt({ pages }: Loaded, row: number): AnswerNode | undefined {
  return pages.get(Math.floor(row / PAGE))?.[row % PAGE];
}

/** The runs of all pages that are there, in their order. */
export function runsOf({ pages }: Loaded): AnswerNode[] {
  return [...pages].sort(([a], [b]) => a - b).flatMap(([, runs]) => [...runs]);
}

/** The pages that hold the rows from `first` to `last`. */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(Math.max(first, 0) / PAGE);
  const to = Math.floor(Math.max(last, first, 0) / PAGE);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** `loaded` with one page more, or one in its new shape. */
export function put(loaded: Loaded, at: number, page: Page): Loaded {
  const pages = new Map(loaded.pages).set(at, page.items);
  const far = [...pages.keys()].sort((a, b) => Math.abs(b - at) - Math.abs(a - at));
  for (const each of far.slice(0, Math.max(0, pages.size - KEPT))) pages.delete(each);
  const ends = page.next === null && (page.items.length > 0 || at === 0);
  return { pages, total: ends ? at * PAGE + page.items.length : (page.total ?? loaded.total) };
}

/**
 * `loaded` after the pages in sight were asked for again.
 *
 * Where as many runs are told as before, only what changed takes its new shape; where some came or
 * went, all other pages are let go, for their rows may have moved.
 */
export function renewed(loaded: Loaded, fresh: ReadonlyMap<number, Page>): Loaded {
  const after = [...fresh].reduce((all, [at, page]) => put(all, at, page), NOTHING);
  if (after.total === null || after.total !== loaded.total) return after;
  return [...fresh].reduce((all, [at, page]) => put(all, at, page), loaded);
}
