/** Made-up lineage of any size, the same for the same seed: for the demo, tests and the bench. */

import type { Known, LineageEdge, LineageGraph, LineageNode } from '../src/types';

export type Random = () => number;

/** A small generator of numbers from 0 to 1 (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Maker {
  readonly nodes: LineageNode[] = [];
  readonly edges: LineageEdge[] = [];

  constructor(private readonly chance: Random) {}

  node(
    type: LineageNode['type'],
    kind: string,
    name: string,
    attributes: Record<string, unknown> = {},
    live = false,
  ): string {
    const id = `${kind}-${this.nodes.length}`;
    const stored = type === 'entity' && !live;
    const digest = stored ? `sha256:${this.hex(64)}` : null;
    this.nodes.push({
      id,
      type,
      kind,
      name,
      digest,
      places: stored ? [`/data/${name}`] : [],
      attributes,
    });
    return id;
  }

  edge(
    source: string,
    relation: string,
    target: string,
    known: Known = 'observed',
    role = '',
  ): void {
    this.edges.push({ source, target, relation, role, known, at: null });
  }

  graph(): LineageGraph {
    const completeness = { complete: true, truncated: [], gaps: [] };
    return { nodes: this.nodes, edges: this.edges, completeness };
  }

  private hex(length: number): string {
    return Array.from({ length }, () => Math.floor(this.chance() * 16).toString(16)).join('');
  }
}

const STEPS = [
  'ingest.py',
  'clean.py',
  'join.py',
  'features.py',
  'train.py',
  'evaluate.py',
] as const;
const FILES = [
  'raw.csv',
  'clean.parquet',
  'joined.parquet',
  'features.parquet',
  'model.joblib',
  'scores.json',
] as const;

/** Many pipelines of runs and files that share some of their inputs: about `size` nodes. */
export function pipelines(size: number, seed = 7): LineageGraph {
  const chance = random(seed);
  const maker = new Maker(chance);
  const recent: string[] = [];
  const roots = Array.from({ length: Math.ceil(size / 250) }, (_, i) =>
    maker.node('entity', 'dataset', `source-${i}.parquet`, { shape: [1000 * (i + 1), 12] }),
  );
  const pick = (): string | undefined => {
    const pool = chance() < 0.45 ? recent : roots;
    return pool[Math.floor(chance() * pool.length)];
  };
  while (maker.nodes.length < size) {
    let before = [pick()];
    const length = 2 + Math.floor(chance() * 5);
    for (let step = 0; step < length && maker.nodes.length < size; step++) {
      const run = maker.node('activity', 'run', STEPS[step]!, {
        status: chance() < 0.05 ? 'failed' : 'finished',
        duration_s: Math.round(chance() * 900) / 10,
        started_at: '2026-11-21T16:10:15Z',
      });
      for (const id of before) if (id) maker.edge(run, 'used', id);
      if (chance() < 0.3) {
        const other = pick();
        if (other) maker.edge(run, 'used', other, chance() < 0.5 ? 'declared' : 'inferred');
      }
      const made = chance() < 0.2 ? 3 : 1;
      before = Array.from({ length: made }, (_, i) => {
        const kind = step === 4 ? 'model' : step === 5 ? 'file' : 'dataset';
        const id = maker.node('entity', kind, `${i ? `part-${i}/` : ''}${FILES[step]!}`, {
          size: Math.floor(chance() * 1e8),
        });
        maker.edge(id, 'wasGeneratedBy', run);
        return id;
      });
      recent.push(...(before as string[]));
      if (recent.length > 60) recent.splice(0, recent.length - 60);
    }
  }
  return maker.graph();
}

/** A graph with no shape at all, with circles where `circles`: for tests. */
export function scribble(
  nodes: number,
  edges: number,
  seed: number,
  circles = false,
): LineageGraph {
  const chance = random(seed);
  const maker = new Maker(chance);
  for (let i = 0; i < nodes; i++)
    maker.node(i % 2 ? 'activity' : 'entity', i % 2 ? 'run' : 'file', `n${i}`);
  for (let i = 0; i < edges; i++) {
    const a = Math.floor(chance() * nodes);
    const b = Math.floor(chance() * nodes);
    const [low, high] = a < b || circles ? [a, b] : [b, a];
    maker.edge(maker.nodes[high]!.id, 'wasDerivedFrom', maker.nodes[low]!.id);
  }
  return maker.graph();
}
