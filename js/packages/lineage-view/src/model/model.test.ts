import { describe, expect, test } from 'vitest';
import { study } from '../../demo/study';
import type { GroupBy, LineageEdge, LineageGraph, LineageNode, LineageViewState } from '../types';
import { described, edgeSentence } from './describe';
import { graphFrom } from './graph';
import { between, lineageOf, links } from './reach';
import { sceneFrom, type Scene } from './scene';
import { matches, wordsOf } from './search';
import { detailOf, durationText, nameOf, plain, sizeText } from './words';

function node(id: string, kind = 'file', more: Partial<LineageNode> = {}): LineageNode {
  const type = ['run', 'call', 'stage', 'experiment'].includes(kind) ? 'activity' : 'entity';
  return { id, type, kind, name: id, digest: null, places: [`/${id}`], attributes: {}, ...more };
}

function edge(text: string, known = 'observed'): LineageEdge {
  const [source, relation, target] = text.split(' ') as [string, string, string];
  return { source, target, relation, role: '', known, at: null };
}

/** raw -> prepare -> train.csv -> fit -> model -> evaluate -> scores, with test.csv beside. */
const CHAIN: LineageGraph = {
  nodes: [
    node('raw'),
    node('prepare', 'run'),
    node('train.csv', 'dataset'),
    node('test.csv', 'dataset'),
    node('fit', 'run'),
    node('model', 'model'),
    node('evaluate', 'run'),
    node('scores'),
    node('python', 'environment'),
    node('notes'),
  ],
  edges: [
    'prepare used raw',
    'train.csv wasGeneratedBy prepare',
    'test.csv wasGeneratedBy prepare',
    'fit used train.csv',
    'model wasGeneratedBy fit',
    'evaluate used model',
    'evaluate used test.csv',
    'scores wasGeneratedBy evaluate',
    'prepare used python',
    'fit used python',
    'evaluate used python',
  ].map((text) => edge(text)),
};

function scene(given: LineageGraph, view: LineageViewState = {}, groupBy: GroupBy = 'none'): Scene {
  return sceneFrom(graphFrom(given), { view, groupBy, columns: 'auto' });
}

const shown = (one: Scene): string[] => one.boxes.map((box) => box.id);
const joins = (one: Scene): string[] =>
  one.links.map(({ from, to }) => `${one.boxes[from]!.id} > ${one.boxes[to]!.id}`);

describe('the graph of an answer', () => {
  test('leaves out doubles, loops and edges with an end that is not there', () => {
    const graph = graphFrom({
      nodes: [node('a'), node('b'), node('a')],
      edges: ['b used a', 'b used a', 'a used a', 'b used gone'].map((text) => edge(text)),
    });
    expect(graph.nodes.map((one) => one.id)).toEqual(['a', 'b']);
    expect(graph.edges).toEqual([edge('b used a')]);
  });

  test('data flows from the cause to the effect', () => {
    expect(
      joins(scene({ nodes: [node('m'), node('r', 'run')], edges: [edge('m wasGeneratedBy r')] })),
    ).toEqual(['r > m']);
  });

  test('a line that joins several edges shows the best known of them', () => {
    const edges = [edge('m wasDerivedFrom d', 'inferred'), edge('m wasRevisionOf d', 'declared')];
    const [link] = scene({ nodes: [node('m'), node('d')], edges }).links;
    expect(link).toMatchObject({ edges: [0, 1], known: 1, quiet: false, mutual: false });
  });
});

describe('collapse', () => {
  test('downstream hides what only this leads to, and keeps what has another way', () => {
    const of = scene(CHAIN, { collapsed: [{ id: 'train.csv', side: 'down' }] });
    expect(shown(of)).toEqual([
      'raw',
      'prepare',
      'train.csv',
      'test.csv',
      'evaluate',
      'scores',
      'python',
      'notes',
    ]);
    expect(of.collapsed.get('down:train.csv')).toBe(2);
    expect(joins(of)).not.toContain('train.csv > fit');
  });

  test('a shared environment holds nothing up, and goes with its last user', () => {
    const of = scene(CHAIN, { collapsed: [{ id: 'raw', side: 'down' }] });
    expect(shown(of)).toEqual(['raw', 'notes']);
  });

  test('upstream hides the past that nothing else needs', () => {
    const of = scene(CHAIN, { collapsed: [{ id: 'fit', side: 'up' }] });
    expect(shown(of)).not.toContain('train.csv');
    expect(shown(of)).toContain('prepare');
    expect(of.collapsed.get('up:fit')).toBe(2);
  });

  test('a node that another collapse hides asks for nothing', () => {
    const collapsed = [
      { id: 'raw', side: 'down' },
      { id: 'model', side: 'up' },
    ] as const;
    expect([...scene(CHAIN, { collapsed }).collapsed.keys()]).toEqual(['down:raw']);
  });

  test('kinds can be switched off', () => {
    expect(shown(scene(CHAIN, { hidden: ['environment', 'file'] }))).not.toContain('python');
  });
});

describe('groups', () => {
  const given: LineageGraph = {
    nodes: [
      node('in.csv', 'dataset'),
      node('r', 'run'),
      node('load', 'call'),
      node('s', 'stage'),
      node('fit', 'call'),
      node('frame', 'frame', { places: [] }),
      node('out'),
      node('e', 'experiment'),
      node('r2', 'run'),
    ],
    edges: [
      'load partOf r',
      'load used in.csv',
      'r used in.csv',
      'frame wasGeneratedBy load',
      's partOf r',
      'fit partOf s',
      'fit used frame',
      'out wasGeneratedBy r',
      'r partOf e',
      'r2 partOf e',
      'r2 used out',
    ].map((text) => edge(text)),
  };

  test('by run: its parts and what it held in memory', () => {
    const of = scene(given, {}, 'run');
    expect(of.boxes.map(({ id, kind, holds }) => [id, kind, holds])).toEqual([
      ['in.csv', 'card', 0],
      ['r', 'stack', 4],
      ['out', 'card', 0],
      ['e', 'card', 0],
      ['r2', 'card', 0],
    ]);
    expect(joins(of)).toEqual(['in.csv > r', 'r > out', 'e > r', 'e > r2', 'out > r2']);
  });

  test('an open group shows its parts, and no line to itself that a part tells as well', () => {
    const of = scene(given, { open: ['r'] }, 'run');
    const frame = shown(of).indexOf('r');
    expect(of.boxes[frame]!.kind).toBe('frame');
    expect(of.boxes.filter((box) => box.parent === frame).map((box) => box.id)).toEqual([
      'load',
      's',
      'fit',
      'frame',
    ]);
    expect(joins(of)).toContain('in.csv > load');
    expect(joins(of)).not.toContain('in.csv > r');
  });

  test('by stage: the innermost stage, else the run', () => {
    const of = scene(given, {}, 'stage');
    expect(
      of.boxes.filter((box) => box.kind === 'stack').map(({ id, holds }) => [id, holds]),
    ).toEqual([
      ['r', 2],
      ['s', 1],
    ]);
  });

  test('by pipeline: an experiment with its runs and what went between them', () => {
    const of = scene(given, {}, 'pipeline');
    expect(shown(of)).toEqual(['in.csv', 'e']);
    expect(joins(of)).toEqual(['in.csv > e']);
  });

  test('parts in a circle end the walk', () => {
    const edges = [edge('a partOf b'), edge('b partOf a')];
    const of = scene({ nodes: [node('a', 'run'), node('b', 'run')], edges }, {}, 'run');
    expect(of.boxes.map(({ id, kind }) => [id, kind])).toEqual([['b', 'stack']]);
  });

  test('a collapsed group is cut as a whole', () => {
    const of = scene(given, { collapsed: [{ id: 'r', side: 'down' }] }, 'run');
    expect(shown(of)).not.toContain('out');
    expect(shown(of)).toContain('r');
  });
});

describe('columns', () => {
  test('are rows of their dataset, and their edges join the rows', () => {
    const of = scene(study());
    const raw = of.boxes.find((box) => box.id === 'dataset-0')!;
    expect(raw.rows.map((row) => row.name)).toEqual(['mean_radius', 'mean_texture', 'target']);
    expect(raw.moreRows).toBe(5);
    const joined = of.links.filter((link) => link.fromRow >= 0 && link.toRow >= 0);
    expect(joined.map(({ fromRow, toRow, known }) => [fromRow, toRow, known])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [2, 2, 2],
      [0, 0, 0],
      [1, 1, 0],
      [2, 2, 2],
    ]);
  });

  test('shut, their edges join the datasets', () => {
    const of = scene(study(), { shut: ['dataset-0', 'dataset-5', 'model-9'] });
    expect(of.links.every((link) => link.fromRow < 0 && link.toRow < 0)).toBe(true);
    expect(of.boxes.find((box) => box.id === 'dataset-0')!.columns).toBe(8);
  });
});

describe('paths', () => {
  const of = scene(CHAIN);
  const all = links(
    of.boxes.length,
    of.links.map((one) => one.from),
    of.links.map((one) => one.to),
  );
  const at = (id: string): number => shown(of).indexOf(id);
  const names = (lit: Uint8Array): string[] => shown(of).filter((_, v) => lit[v]);

  test('every path between two things, whichever is named first', () => {
    const path = ['raw', 'prepare', 'train.csv', 'test.csv', 'fit', 'model', 'evaluate', 'scores'];
    expect(names(between(all, at('raw'), at('scores'))!.node)).toEqual(path);
    expect(names(between(all, at('scores'), at('raw'))!.node)).toEqual(path);
    expect(names(between(all, at('train.csv'), at('model'))!.node)).toEqual([
      'train.csv',
      'fit',
      'model',
    ]);
  });

  test('none where nothing leads from one to the other', () => {
    expect(between(all, at('notes'), at('raw'))).toBeNull();
    expect(between(all, at('train.csv'), at('test.csv'))).toBeNull();
  });

  test('the lineage of a thing is what is up or down of it', () => {
    expect(names(lineageOf(all, [at('test.csv')]).node)).toEqual([
      'raw',
      'prepare',
      'test.csv',
      'evaluate',
      'scores',
      'python',
    ]);
  });
});

describe('words', () => {
  test('what could harm or mislead is drawn as a dot', () => {
    expect(plain('a\nb\u202egpj.exe\u0000')).toBe('a·b·gpj.exe·');
    expect(plain('x'.repeat(10000)).length).toBe(401);
    expect(plain('half \ud83d')).toBe('half \ufffd');
  });

  test('names and second lines', () => {
    expect(nameOf(node('', 'file', { id: '01a1fedf-c4a5-7408' }))).toBe('01a1fedf-c4a');
    expect(
      detailOf(
        node('d', 'dataset', { digest: 'sha256:4a023e6aff', attributes: { shape: [569, 31] } }),
      ),
    ).toBe('dataset · 569 × 31 · 4a023e6a');
    expect(
      detailOf(node('r', 'call', { attributes: { status: 'failed', duration_s: 6.63 } })),
    ).toBe('call · failed · 6.6 s');
    expect([0, 999, 1000, 178_000, 91_834_921].map(sizeText)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '178 KB',
      '91.8 MB',
    ]);
    expect([0.03, 6.6, 75, 7260].map(durationText)).toEqual([
      '30 ms',
      '6.6 s',
      '1 min 15 s',
      '2 h 1 min',
    ]);
  });

  test('a node and an edge as a sentence', () => {
    const graph = graphFrom(CHAIN);
    expect(described(graph, graph.index.get('model')!)).toBe(
      'model model, made by run fit, 2 inputs, used by run evaluate',
    );
    expect(described(graph, graph.index.get('evaluate')!)).toBe('run evaluate, 3 inputs, 1 output');
    expect(edgeSentence(graph, 4)).toBe('model was made by fit (observed)');
  });

  test('search wants every word, anywhere', () => {
    const one = node('models/Forest.joblib', 'model');
    expect(matches(one, wordsOf(' forest MODEL '))).toBe(true);
    expect(matches(one, wordsOf('forest csv'))).toBe(false);
    expect(wordsOf('  ')).toEqual([]);
  });
});
