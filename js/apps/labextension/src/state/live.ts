/** The cells of the open notebook beside what was recorded of them. */

import type { LiveCell } from '../lab/notebook';
import type { CellState, CellView, NotebookView } from './types';

export interface LiveFact {
  readonly id: string;
  readonly isCode: boolean;
  readonly text: TextState;
  /** The number at its prompt: it may be of an earlier session. */
  readonly count: number | null;
  /** Its first line that says something. */
  readonly head: string;
}

/**
 * A text that is `edited` is another than the one that ran last; `ran` is that one; of one that was
 * only `seen`, the record knows better.
 */
export type TextState = 'ran' | 'edited' | 'seen';

type Readable = Pick<LiveCell, 'id' | 'isCode' | 'count' | 'source'>;

/**
 * The text of each cell when it ran last, or when its record was first seen here. The record has
 * texts too, but with what looks like a secret masked: compared with it, such a cell would always
 * be edited.
 */
export class Texts {
  private readonly known = new Map<string, Known>();

  /** The cell starts to run with this text; which count it gets is told at its end. */
  started(id: string, text: string): void {
    this.known.set(id, { count: null, text, isRun: true });
  }

  ended(id: string, count: number | null): void {
    const known = this.known.get(id);
    if (known) this.known.set(id, { ...known, count });
  }

  /** `count` is the one that the record has of the cell. */
  stateOf(id: string, text: string, count: number | null): TextState {
    const known = this.known.get(id);
    if (!known || (known.count !== null && known.count !== count)) {
      this.known.set(id, { count, text, isRun: false });
      return 'seen';
    }
    if (known.text.trimEnd() !== text.trimEnd()) return 'edited';
    return known.isRun ? 'ran' : 'seen';
  }
}

interface Known {
  readonly count: number | null;
  readonly text: string;
  readonly isRun: boolean;
}

export function factsOf(
  cells: readonly Readable[],
  view: NotebookView | null,
  texts: Texts,
): LiveFact[] {
  const recorded = new Map(view?.cells.map((cell) => [cell.id, cell]));
  return cells.map((cell) => {
    const source = cell.source();
    const known = recorded.get(cell.id);
    const text = known?.executions ? texts.stateOf(cell.id, source, known.count) : 'seen';
    const { id, isCode, count } = cell;
    return { id, isCode, text, count, head: headOf(source) };
  });
}

const LONGEST = 120;

export function headOf(source: string): string {
  const line = source.split('\n').find((one) => one.trim() !== '') ?? '';
  return line.trim().slice(0, LONGEST);
}

/** A cell as it stands now: recorded, in the notebook, or both. */
export interface CellRow {
  readonly id: string;
  /** Its place among the code cells of the notebook, from 1; null where it was deleted. */
  readonly place: number | null;
  readonly state: CellState | 'deleted' | 'unknown';
  readonly count: number | null;
  readonly reasons: readonly string[];
  readonly head: string;
  readonly view: CellView | null;
}

/** In the order of the notebook; cells that ran and are gone come last. */
export function rowsOf(
  live: readonly LiveFact[],
  view: NotebookView | null,
  running: readonly string[],
): CellRow[] {
  const recorded = new Map(view?.cells.map((cell) => [cell.id, cell]));
  const busy = new Set(running);
  let place = 0;
  const rows: CellRow[] = [];
  for (const fact of live) {
    const { id, head, count } = fact;
    if (!fact.isCode) continue;
    place += 1;
    const known = recorded.get(id) ?? null;
    if (!known?.executions && head === '') continue;
    const told = corrected(known, fact, busy.has(id));
    rows.push({ id, place, head, view: known, count: known?.count ?? count, ...told });
  }
  const here = new Set(live.map((one) => one.id));
  for (const cell of view?.cells ?? []) {
    if (here.has(cell.id) || cell.executions === 0) continue;
    const { id, count, reasons } = cell;
    const head = headOf(cell.source);
    rows.push({ id, place: null, state: 'deleted', head, count, reasons, view: cell });
  }
  return rows;
}

type Told = Pick<CellRow, 'state' | 'reasons'>;

/**
 * What the record says of a cell, made right by what this page knows: the record knows the notebook
 * as it was saved last, and no more than what has come to its end.
 */
function corrected(known: CellView | null, fact: LiveFact, isBusy: boolean): Told {
  if (isBusy) return { state: 'running', reasons: [] };
  if (!known?.executions)
    return { state: fact.count === null ? 'not-run' : 'unknown', reasons: [] };
  const { state, reasons } = known;
  if (fact.text === 'edited' && state !== 'edited')
    return { state: 'edited', reasons: [EDITED, ...reasons] };
  if (fact.text === 'ran' && state === 'edited') {
    const others = reasons.slice(1); // the first is that of the text
    return { state: others.length > 0 ? 'stale' : 'fresh', reasons: others };
  }
  return { state, reasons };
}

const EDITED = 'it was edited since it ran';

/** The states in words that need no explanation. */
export const STATE_WORDS: Readonly<Record<CellRow['state'], string>> = {
  fresh: 'up to date',
  stale: 'stale',
  edited: 'edited since it ran',
  'not-run': 'not run',
  unknown: 'not recorded in this session',
  failed: 'failed',
  running: 'running',
  deleted: 'deleted',
};
