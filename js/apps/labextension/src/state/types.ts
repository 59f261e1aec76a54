/** What the server extension answers, under `whence/api/`. */

import type { Completeness, LineageEdge, LineageNode } from '@whence/lineage-view';

export interface Status {
  readonly version: string;
  readonly store: string | null;
  readonly recording: boolean;
  readonly session: string | null;
  /** How to add Whence to the kernel: a line to run in a cell. */
  readonly add: string;
  /** Where the full page answers, where that is known. */
  readonly page?: string | null;
}

export interface Session {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly executions: number;
  readonly kernel: string | null;
}

export type CellState = 'fresh' | 'stale' | 'edited' | 'not-run' | 'failed' | 'running';

export interface CellView {
  readonly id: string;
  /** Its place in the notebook as it is on the disk; null where it is gone. */
  readonly index: number | null;
  readonly count: number | null;
  readonly state: CellState;
  readonly out_of_order: boolean;
  readonly reasons: readonly string[];
  readonly executions: number;
  readonly started_at: string | null;
  readonly took_ms: number | null;
  readonly status: string | null;
  readonly models: readonly string[];
  readonly files: readonly string[];
  readonly defines: readonly string[];
  readonly uses: readonly string[];
  readonly source: string;
}

export interface Execution {
  readonly n: number;
  readonly cell: string;
  readonly count: number | null;
  readonly started_at: string | null;
  readonly took_ms: number | null;
  readonly status: string;
  readonly error: string | null;
}

export interface InMemory {
  readonly name: string;
  readonly cell: string | null;
  readonly reason: string;
}

export interface NotebookView {
  readonly session: Session & { readonly notebook?: string };
  readonly at: number;
  readonly cells: readonly CellView[];
  readonly executions: readonly Execution[];
  readonly only_in_memory: readonly InMemory[];
  readonly graph: {
    readonly nodes: readonly LineageNode[];
    readonly edges: readonly LineageEdge[];
  };
  readonly completeness: Completeness;
}

export interface Difference {
  readonly section?: string;
  readonly key: string;
  readonly change: string;
  readonly left: unknown;
  readonly right: unknown;
}

export interface ComparedCell {
  readonly id: string;
  readonly change: 'changed' | 'added' | 'removed' | 'moved' | 'same';
  readonly source_diff: string;
  readonly differences: readonly Difference[];
}

export interface Compared {
  readonly left: string;
  readonly right: string;
  /** What could not be compared, and why. */
  readonly notes?: readonly string[];
  readonly cells: readonly ComparedCell[];
  readonly sections: readonly {
    readonly name: string;
    readonly differences: readonly Difference[];
  }[];
}

export interface SameItem {
  readonly name: string;
  readonly kind: string;
  readonly recorded: string | null;
  readonly here: string | null;
  readonly same: boolean;
  /** Why there is none here. */
  readonly note?: string;
}
