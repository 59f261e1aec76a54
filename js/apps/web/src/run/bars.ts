import type { TimelineItem } from '@whence/api-client';
import { instant } from '../format/time';

export interface Bar {
  item: TimelineItem;
  depth: number;
  /** From 0, the start of the first, to 1, the end of the last. */
  from: number;
  to: number;
  seconds: number;
}

export interface Bars {
  bars: Bar[];
  /** Seconds from the start of the first to the end of the last. */
  span: number;
}

/** The items as bars: children under their parent, in the order of time. What runs ends `now`. */
export function barsOf(items: readonly TimelineItem[], now: number): Bars {
  const timed = items.filter((item) => !Number.isNaN(instant(item.started_at)));
  const startOf = (item: TimelineItem) => instant(item.started_at);
  const endOf = (item: TimelineItem) => {
    const end = instant(item.ended_at);
    if (!Number.isNaN(end)) return end;
    return item.status === 'running' ? Math.max(now, startOf(item)) : startOf(item);
  };
  const first = timed.reduce((low, item) => Math.min(low, startOf(item)), Infinity);
  const last = timed.reduce((high, item) => Math.max(high, endOf(item)), -Infinity);
  const span = Math.max(last - first, 0.001);

  const known = new Set(timed.map((item) => item.id));
  const children = new Map<string | null, TimelineItem[]>();
  for (const item of timed) {
    const parent = item.parent !== null && known.has(item.parent) ? item.parent : null;
    const list = children.get(parent) ?? [];
    list.push(item);
    children.set(parent, list);
  }
  const bars: Bar[] = [];
  const seen = new Set<string>();
  const walk = (parent: string | null, depth: number) => {
    const list = (children.get(parent) ?? []).sort((a, b) => startOf(a) - startOf(b));
    for (const item of list) {
      if (seen.has(item.id)) continue;
      seen.add(item.id);
      const [start, end] = [startOf(item), endOf(item)];
      bars.push({
        item,
        depth,
        from: (start - first) / span,
        to: (end - first) / span,
        seconds: (end - start) / 1000,
      });
      walk(item.id, depth + 1);
    }
  };
  walk(null, 0);
  return { bars, span: timed.length > 0 ? span / 1000 : 0 };
}
