import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useProject } from '../data/project';
import { address } from '../router/address';
import { navigate } from '../router/location';
import { HeadRow } from './HeadRow';
import { RunRow } from './RunRow';
import type { Column } from './columns';
import { type Loaded, rowCount, runAt } from './pages';
import type { Order } from './url';
import { useTableKeys } from './useTableKeys';
import { useWidths } from './useWidths';

export const ROW_HEIGHT = 34;
export const CHECK_WIDTH = 36;

interface Props {
  loaded: Loaded;
  columns: Column[];
  order: Order;
  chosen: string[];
  stale: boolean;
  onNeed: (first: number, last: number) => void;
  onOrder: (order: Order) => void;
  onChosen: (chosen: string[]) => void;
}

/** The runs as a table of which only the rows in sight are drawn; the rest is asked for on the way. */
export function RunsTable(props: Props) {
  const { loaded, columns, chosen, onNeed, onChosen } = props;
  const project = useProject().name;
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(-1);
  const { widths, resize } = useWidths(columns);
  const count = rowCount(loaded);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollPaddingStart: ROW_HEIGHT,
  });
  const inSight = rows.getVirtualItems();
  const first = inSight[0]?.index ?? 0;
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => onNeed(first, last), [onNeed, first, last, loaded]);

  const toggle = (id: string) =>
    onChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  useTableKeys({
    at: cursor,
    count,
    move: (index) => {
      setCursor(index);
      rows.scrollToIndex(index);
      scroller.current?.focus();
    },
    toggle: (index) => {
      const run = runAt(loaded, index);
      if (run) toggle(run.id);
    },
    open: (index) => {
      const run = runAt(loaded, index);
      if (run) navigate(address.run(project, run.id));
    },
  });

  const template = `${String(CHECK_WIDTH)}px ${columns.map((c) => `${String(widths(c))}px`).join(' ')} minmax(0, 1fr)`;
  const width = CHECK_WIDTH + columns.reduce((sum, each) => sum + widths(each), 0);
  return (
    <div
      ref={scroller}
      className={props.stale ? 'table stale' : 'table'}
      role="table"
      aria-label="Runs"
      aria-rowcount={count + 1}
      aria-colcount={columns.length + 1}
      tabIndex={0}
    >
      <div className="table-inner" role="presentation" style={{ minWidth: width }}>
        <HeadRow
          columns={columns}
          order={props.order}
          template={template}
          widths={widths}
          onOrder={props.onOrder}
          onResize={resize}
        />
        <div role="rowgroup" className="table-body" style={{ height: rows.getTotalSize() }}>
          {inSight.map(({ index, start }) => {
            const run = runAt(loaded, index);
            return (
              <RunRow
                key={run?.id ?? index}
                run={run}
                index={index}
                top={start}
                template={template}
                columns={columns}
                isChosen={run !== undefined && chosen.includes(run.id)}
                isAt={index === cursor}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
