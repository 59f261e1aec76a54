/** Marks on the cells of the notebook itself: one attribute on each, drawn by a style sheet. */

import type { Shown } from '../state/feed';
import { rowsOf, type CellRow } from '../state/live';
import css from './badges.css?inline';
import type { LiveCell } from './notebook';
import { adoptSheet } from './sheet';

const KIND = 'data-whence';
const WORD = 'data-whence-says';

export class Badges {
  private marked = new Set<HTMLElement>();
  private isOn = false; // until it is known what the person wants

  constructor() {
    adoptSheet(css);
  }

  /** What the setting says; off takes every mark away at once. */
  set on(isOn: boolean) {
    this.isOn = isOn;
    if (!isOn) this.clear();
  }

  show(cells: readonly LiveCell[], shown: Shown): void {
    if (!this.isOn) return;
    const rows = new Map(rowsOf(shown.live, shown.view, shown.running).map((row) => [row.id, row]));
    const now = new Set<HTMLElement>();
    for (const { id, node } of cells) {
      const row = rows.get(id);
      const badge = row && badgeOf(row);
      if (!badge) continue;
      now.add(node);
      node.setAttribute(KIND, badge.kind);
      node.setAttribute(WORD, badge.says);
    }
    for (const node of this.marked) if (!now.has(node)) unmark(node);
    this.marked = now;
  }

  clear(): void {
    for (const node of this.marked) unmark(node);
    this.marked = new Set();
  }
}

function unmark(node: HTMLElement): void {
  node.removeAttribute(KIND);
  node.removeAttribute(WORD);
}

interface Badge {
  readonly kind: string;
  readonly says: string;
}

/** The one thing about a cell that matters most; null where there is nothing to say. */
export function badgeOf(row: CellRow): Badge | null {
  if (row.state === 'edited') return { kind: 'edited', says: 'edited' };
  if (row.state === 'stale') return { kind: 'stale', says: 'stale' };
  if (row.state !== 'fresh') return null;
  if (row.view?.out_of_order) return { kind: 'order', says: 'order' };
  if (row.view && row.view.models.length > 0) return { kind: 'model', says: 'model' };
  return null;
}
