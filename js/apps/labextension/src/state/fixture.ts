import type { CellView, NotebookView } from './types';

/** A view for tests, with what matters there. */
export function viewWith(part: Partial<NotebookView>): NotebookView {
  return {
    session: {
      id: 's1',
      name: 'train.ipynb',
      status: 'running',
      started_at: '2026-01-01T10:00:00Z',
      ended_at: null,
      executions: 0,
      kernel: 'k1',
    },
    at: 0,
    cells: [],
    executions: [],
    only_in_memory: [],
    graph: { nodes: [], edges: [] },
    completeness: { complete: true, truncated: [], gaps: [] },
    ...part,
  };
}

export function cellWith(id: string, part: Partial<CellView> = {}): CellView {
  return {
    id,
    index: 0,
    count: 1,
    state: 'fresh',
    out_of_order: false,
    reasons: [],
    executions: 1,
    started_at: null,
    took_ms: 1,
    status: 'finished',
    models: [],
    files: [],
    defines: [],
    uses: [],
    source: '',
    ...part,
  };
}
