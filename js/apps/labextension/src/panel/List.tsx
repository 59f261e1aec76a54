import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';

interface Props<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly render: (item: Item) => ReactNode;
  readonly onChoose: (item: Item) => void;
  readonly isChosen?: (item: Item) => boolean;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** A list of any length: what is in view exists. Arrow keys walk, Enter chooses. */
export function List<Item>({ label, items, keyOf, render, onChoose, isChosen }: Props<Item>) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 46,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const walk = (event: KeyboardEvent, index: number) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.min(items.length - 1, Math.max(0, index + step));
    rows.scrollToIndex(to);
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-index="${to}"] button`)?.focus(),
    );
  };
  return (
    <div ref={frame} className="whence-list" role="list" aria-label={label} tabIndex={-1}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className="whence-row"
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <button
                type="button"
                aria-current={isChosen?.(item) ? 'true' : undefined}
                onClick={() => onChoose(item)}
                onKeyDown={(event) => walk(event, row.index)}
              >
                {render(item)}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
