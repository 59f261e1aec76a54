import type { CompareRow, Json } from '@whence/api-client';
import { isNumeric } from '../format/value';

export interface Section {
  name: string;
  rows: CompareRow[];
  differing: number;
}

/** The rows by section, in the order of the answer; those that differ first within each. */
export function sectionsOf(
  rows: readonly CompareRow[],
  onlyDifferences: boolean,
  find: string,
): Section[] {
  const wanted = find.trim().toLowerCase();
  const sections = new Map<string, CompareRow[]>();
  for (const row of rows) {
    if (onlyDifferences && !row.differs) continue;
    if (wanted && !row.key.toLowerCase().includes(wanted)) continue;
    const section = sections.get(row.section);
    if (section) section.push(row);
    else sections.set(row.section, [row]);
  }
  return [...sections].map(([name, members]) => ({
    name,
    rows: [...members].sort((a, b) => Number(b.differs) - Number(a.differs)),
    differing: members.filter((row) => row.differs).length,
  }));
}

/** Which of `values` is the highest and which the lowest, where at least two numbers differ. */
export function extremes(
  values: readonly (Json | undefined)[],
): { high: number; low: number } | null {
  let high = -1;
  let low = -1;
  values.forEach((value, index) => {
    if (!isNumeric(value) || !Number.isFinite(Number(value))) return;
    if (high < 0 || Number(value) > Number(values[high])) high = index;
    if (low < 0 || Number(value) < Number(values[low])) low = index;
  });
  return high >= 0 && Number(values[high]) !== Number(values[low]) ? { high, low } : null;
}
