import type { Series } from '@whence/api-client';

export interface Panel {
  key: string;
  series: Series[];
}

/** The series of each metric together, the metrics whose name holds `find`, by name. */
export function byKey(series: readonly Series[], find: string): Panel[] {
  const wanted = find.trim().toLowerCase();
  const panels = new Map<string, Series[]>();
  for (const one of series) {
    if (!one.key.toLowerCase().includes(wanted)) continue;
    const panel = panels.get(one.key);
    if (panel) panel.push(one);
    else panels.set(one.key, [one]);
  }
  return [...panels]
    .map(([key, members]) => ({ key, series: members }))
    .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}
