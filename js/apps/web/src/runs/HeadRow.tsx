import type { PointerEvent } from 'react';
import { Icon } from '../parts/Icon';
import { visible } from '../format/text';
import { Text } from '../parts/Text';
import type { Column } from './columns';
import { type Order, nextOrder } from './url';

interface Props {
  columns: Column[];
  order: Order;
  template: string;
  widths: (column: Column) => number;
  onOrder: (order: Order) => void;
  onResize: (id: string, width: number) => void;
}

/** The heads of the columns: a click sorts, the right edge is drawn wider or narrower. */
export function HeadRow({ columns, order, template, widths, onOrder, onResize }: Props) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="row head"
      style={{ gridTemplateColumns: template }}
    >
      <span role="columnheader">
        <span className="sr-only">Chosen</span>
      </span>
      {columns.map((column) => (
        <span
          key={column.id}
          role="columnheader"
          aria-sort={sortOf(order, column.id)}
          className={column.numeric ? 'cell right' : 'cell'}
        >
          <Head column={column} order={order} onOrder={onOrder} />
          <Grip column={column} width={widths(column)} onResize={onResize} />
        </span>
      ))}
    </div>
  );
}

function sortOf(order: Order, id: string): 'ascending' | 'descending' | 'none' {
  if (order?.field !== id) return 'none';
  return order.descending ? 'descending' : 'ascending';
}

function Head({ column, order, onOrder }: Pick<Props, 'order' | 'onOrder'> & { column: Column }) {
  const whole = visible(column.group ? `${column.group}.${column.title}` : column.title);
  const title = <Text text={column.title} length={40} />;
  if (!column.sorts) {
    return (
      <span className="head-title" title={whole}>
        {title}
      </span>
    );
  }
  const first = column.numeric || column.id.endsWith('_time') ? 'desc' : 'asc';
  const sorted = order?.field === column.id;
  return (
    <button
      type="button"
      className="head-title"
      title={whole}
      onClick={() => onOrder(nextOrder(order, column.id, first))}
    >
      {title}
      {sorted && <Icon name={order.descending ? 'down' : 'up'} size={12} />}
    </button>
  );
}

interface GripProps {
  column: Column;
  width: number;
  onResize: Props['onResize'];
}

function Grip({ column, width, onResize }: GripProps) {
  const grab = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const grip = event.currentTarget;
    const from = event.clientX;
    grip.setPointerCapture(event.pointerId);
    grip.onpointermove = (move) => onResize(column.id, width + move.clientX - from);
    grip.onpointerup = () => (grip.onpointermove = null);
  };
  return (
    <span
      className="grip"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}`}
      aria-valuenow={width}
      aria-valuemin={60}
      aria-valuemax={900}
      onPointerDown={grab}
      onDoubleClick={() => onResize(column.id, column.width)}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
        if (!step) return;
        event.preventDefault();
        onResize(column.id, width + step);
      }}
    />
  );
}
