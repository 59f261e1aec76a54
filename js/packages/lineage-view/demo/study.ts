/** A small study of about twenty nodes that shows everything the drawing can tell. */

import type { LineageGraph } from '../src/types';
import { Maker, random } from './generate';

const COLUMNS = ['patient', 'mean_radius', 'mean_texture', 'mean_area', 'clinic', 'target'];

export function study(): LineageGraph {
  const make = new Maker(random(3));
  const file = (name: string, kind: string, attributes = {}): string =>
    make.node('entity', kind, name, attributes);
  const run = (name: string, seconds: number, status = 'finished'): string => {
    const at = '2026-11-21T16:10:15Z';
    return make.node('activity', 'run', name, { status, duration_s: seconds, started_at: at });
  };
  const raw = file('data/raw.csv', 'dataset', {
    shape: [569, 31],
    columns: [...COLUMNS, 'mean_symmetry', 'id'],
  });
  const clinics = file('data/clinics.csv', 'dataset', {
    shape: [12, 3],
    columns: ['clinic', 'city', 'beds'],
  });
  const python = file('Python 3.11.7', 'environment');
  const commit = make.node('entity', 'commit', 'f3c1a9e0b7d24c55aa10cc9f34e8b1720d9a6e11');
  const prepare = run('prepare.py', 6.6);
  const train = file('data/train.csv', 'dataset', { shape: [426, 35], columns: COLUMNS });
  const test = file('data/test.csv', 'dataset', { shape: [143, 35], columns: COLUMNS });
  const fit = run('train.py', 8);
  const forestRun = run('train.py', 21.4);
  const model = file('models/model.joblib', 'model', { size: 1834921 });
  const forest = file(
    'models/a-rather-long-folder-name/random-forest-of-the-second-attempt.joblib',
    'model',
    { size: 91834921 },
  );
  const evaluate = run('evaluate.py', 4.9);
  const scores = file('reports/scores.json', 'file', { size: 178 });
  const failed = run('deploy.py', 0.4, 'failed');
  const figure = file('reports/roc.png', 'figure', { size: 40210 });
  const person = make.node('agent', 'person', 'Ada Lovelace');
  const serve = make.node('agent', 'software', 'registry.internal');
  for (const [one, inputs] of [
    [prepare, [raw, clinics]],
    [fit, [train]],
    [forestRun, [train]],
    [evaluate, [test, model]],
    [failed, [model]],
  ] as const) {
    for (const input of inputs) make.edge(one, 'used', input);
    make.edge(one, 'used', python, 'observed', 'environment');
  }
  make.edge(evaluate, 'used', forest, 'declared');
  make.edge(fit, 'used', commit, 'declared', 'commit');
  make.edge(prepare, 'wasAssociatedWith', person, 'declared', 'user');
  make.edge(failed, 'wasAssociatedWith', serve, 'declared');
  for (const [one, by] of [
    [train, prepare],
    [test, prepare],
    [model, fit],
    [forest, forestRun],
    [scores, evaluate],
    [figure, evaluate],
  ] as const)
    make.edge(one, 'wasGeneratedBy', by);
  make.edge(train, 'wasDerivedFrom', raw, 'inferred', 'pandas.to_csv');
  make.edge(model, 'wasDerivedFrom', train, 'inferred');
  columns(make, raw, train, model);
  const frame = make.node('entity', 'frame', 'train', { shape: [426, 35] }, true);
  const call = make.node('activity', 'fit', 'Pipeline.fit', {
    duration_s: 0.2,
    status: 'finished',
  });
  make.edge(call, 'partOf', fit);
  make.edge(call, 'used', frame);
  make.edge(frame, 'wasGeneratedBy', fit);
  make.edge(frame, 'wasDerivedFrom', train);
  make.edge(model, 'wasGeneratedBy', call);
  const hostile = file('<script>alert(1)</script>\n\u202egpj.exe', 'file', { size: 5 });
  make.edge(evaluate, 'used', hostile, 'inferred', 'by content');
  return {
    ...make.graph(),
    more: { [clinics]: { up: 4 }, [scores]: { down: 12 }, [figure]: { down: 0 } },
    completeness: {
      complete: false,
      truncated: [{ limit: 'depth', value: 6, frontier: [clinics, scores] }],
      gaps: [
        {
          code: 'file-unexplained',
          subject: forest,
          count: 2,
          detail: 'written by a process that was not watched',
        },
      ],
    },
  };
}

function columns(make: Maker, ...owners: readonly string[]): void {
  const names = ['mean_radius', 'mean_texture', 'target'];
  const made = owners.map((owner) =>
    names.map((name) => {
      const id = make.node('entity', 'column', name, { of: owner }, true);
      make.edge(owner, 'hadMember', id);
      return id;
    }),
  );
  for (let i = 1; i < made.length; i++)
    names.forEach((_, n) =>
      make.edge(
        made[i]![n]!,
        'wasDerivedFrom',
        made[i - 1]![n]!,
        n === 2 ? 'inferred' : 'observed',
      ),
    );
}
