import { queryString } from '@whence/api-client';

export type Order = { field: string; descending: boolean } | null;

/** What the address holds of the table of runs. */
export interface RunsState {
  filter: string;
  order: Order;
  /** Null: those that are shown at first. */
  columns: string[] | null;
  chosen: string[];
}

export function readState(search: string): RunsState {
  const query = new URLSearchParams(search);
  const order = query.get('order') ?? '';
  const columns = query.getAll('col').filter(Boolean);
  return {
    filter: query.get('filter') ?? '',
    order: order ? { field: order.replace(/^-/, ''), descending: order.startsWith('-') } : null,
    columns: columns.length > 0 ? [...new Set(columns)] : null,
    chosen: [...new Set(query.getAll('run').filter(Boolean))],
  };
}

/** The query of `state`; what is as it would be anyway is left out, so that addresses stay short. */
export function writeState(state: RunsState): string {
  return queryString({
    filter: state.filter,
    order: state.order ? (state.order.descending ? '-' : '') + state.order.field : '',
    col: state.columns ?? [],
    run: state.chosen,
  });
}

/** The `order_by` of the server. */
export function orderBy(order: Order): string | undefined {
  return order ? `${order.field} ${order.descending ? 'desc' : 'asc'}` : undefined;
}

/** Ascending, descending, unsorted: what a click on a column's head goes through. */
export function nextOrder(order: Order, field: string, first: 'asc' | 'desc'): Order {
  const begins = { field, descending: first === 'desc' };
  if (order?.field !== field) return begins;
  return order.descending === begins.descending ? { field, descending: !order.descending } : null;
}
