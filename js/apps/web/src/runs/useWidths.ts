import { useCallback, useState } from 'react';
import type { Column } from './columns';

const KEY = 'whence-widths';
const NARROWEST = 60;
const WIDEST = 900;

function kept(): Record<string, number> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, number>) : {};
  } catch {
    return {};
  }
}

/** The widths of the columns as the person set them; kept in this browser. */
export function useWidths(columns: readonly Column[]) {
  const [own, setOwn] = useState(kept);
  const widths = useCallback((column: Column) => own[column.id] ?? column.width, [own]);
  const resize = useCallback(
    (id: string, width: number) => {
      const base = columns.find((column) => column.id === id);
      if (!base) return;
      setOwn((before) => {
        const next = { ...before, [id]: Math.min(Math.max(Math.round(width), NARROWEST), WIDEST) };
        try {
          localStorage.setItem(KEY, JSON.stringify(next));
        } catch {
          // Storage is blocked: the width holds until the page is loaded anew.
        }
        return next;
      });
    },
    [columns],
  );
  return { widths, resize };
}
