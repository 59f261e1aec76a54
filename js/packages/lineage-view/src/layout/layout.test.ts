import { describe, expect, test } from 'vitest';
import { pipelines, scribble } from '../../demo/generate';
import { study } from '../../demo/study';
import { graphFrom } from '../model/graph';
import { sceneFrom, type Scene } from '../model/scene';
import type { GroupBy, LineageGraph, LineageNode } from '../types';
import { layoutInput } from './input';
import { layOut } from './nested';
import type { Layout } from './types';

function laidOut(
  given: LineageGraph,
  groupBy: GroupBy = 'none',
  open: string[] = [],
): [Scene, Layout] {
  const scene = sceneFrom(graphFrom(given), { view: { open }, groupBy, columns: 'auto' });
  return [scene, layOut(layoutInput(scene))];
}

/** Pairs of boxes that lie over each other although neither holds the other. */
function overlaps({ boxes }: Scene, { x, y, width, height }: Layout): [number, number][] {
  const order = [...boxes.keys()].sort((a, b) => x[a]! - x[b]!);
  const found: [number, number][] = [];
  order.forEach((a, i) => {
    for (const b of order.slice(i + 1)) {
      if (x[b]! >= x[a]! + width[a]!) break;
      const nested = boxes[a]!.parent === b || boxes[b]!.parent === a;
      if (!nested && y[a]! < y[b]! + height[b]! && y[b]! < y[a]! + height[a]!) found.push([a, b]);
    }
  });
  return found;
}

/** Links that do not lead to the right although they are not marked as leading back. */
function wrongWay({ links }: Scene, { x, width, back }: Layout): number[] {
  return links.flatMap(({ from, to }, e) => {
    const ahead = x[to]! >= x[from]! + width[from]!;
    return ahead === (back[e] === 0) ? [] : [e];
  });
}

/** Links whose way does not begin and end at their boxes. */
function loose({ links }: Scene, { x, y, width, height, route, start }: Layout): number[] {
  const on = (v: number, px: number, py: number): boolean =>
    (Math.abs(px - x[v]!) < 0.01 || Math.abs(px - x[v]! - width[v]!) < 0.01) &&
    py >= y[v]! - 0.01 &&
    py <= y[v]! + height[v]! + 0.01;
  return links.flatMap(({ from, to }, e) => {
    const [a, b] = [2 * start[e]!, 2 * start[e + 1]! - 2];
    const tied = b > a && on(from, route[a]!, route[a + 1]!) && on(to, route[b]!, route[b + 1]!);
    return tied ? [] : [e];
  });
}

/** Level stretches of a way that run through a box that is not at its ends. */
function runThrough(
  { boxes, links }: Scene,
  { x, y, width, height, route, start }: Layout,
): string[] {
  const found: string[] = [];
  links.forEach(({ from, to }, e) => {
    for (let i = start[e]! + 1; i < start[e + 1]!; i++) {
      const [ax, ay, bx, by] = [
        route[2 * i - 2]!,
        route[2 * i - 1]!,
        route[2 * i]!,
        route[2 * i + 1]!,
      ];
      if (ay !== by) continue;
      boxes.forEach((_, v) => {
        const across = Math.min(ax, bx) < x[v]! + width[v]! && Math.max(ax, bx) > x[v]!;
        if (v !== from && v !== to && across && ay > y[v]! && ay < y[v]! + height[v]!)
          found.push(`${e} ${v}`);
      });
    }
  });
  return found;
}

const SHAPES: [string, LineageGraph][] = [
  ['nothing', { nodes: [], edges: [] }],
  ['one thing', scribble(1, 0, 1)],
  ['things without edges', scribble(50, 0, 1)],
  ['the study', study()],
  ['pipelines', pipelines(400)],
  ...[1, 2, 3, 4, 5, 6].map((seed): [string, LineageGraph] => [
    `scribble ${seed}`,
    scribble(40 * seed, 55 * seed, seed),
  ]),
  ...[7, 8, 9].map((seed): [string, LineageGraph] => [
    `circles ${seed}`,
    scribble(60, 110, seed, true),
  ]),
];

describe.each(SHAPES)('a layout of %s', (_, given) => {
  const [scene, layout] = laidOut(given);

  test('puts no box over another', () => {
    expect(overlaps(scene, layout)).toEqual([]);
  });

  test('leads every link to the right unless it is marked as leading back', () => {
    expect(wrongWay(scene, layout)).toEqual([]);
  });

  test('ties every link to its boxes', () => {
    expect(loose(scene, layout)).toEqual([]);
  });

  test('runs no long link through a box', () => {
    expect(runThrough(scene, layout)).toEqual([]);
  });

  test('keeps all within its size', () => {
    for (let v = 0; v < layout.x.length; v++) {
      expect(layout.x[v]).toBeGreaterThanOrEqual(0);
      expect(layout.y[v]).toBeGreaterThanOrEqual(0);
      expect(layout.x[v]! + layout.width[v]!).toBeLessThanOrEqual(layout.totalWidth + 0.01);
      expect(layout.y[v]! + layout.height[v]!).toBeLessThanOrEqual(layout.totalHeight + 0.01);
    }
  });

  test('is the same each time', () => {
    expect(laidOut(given)[1]).toEqual(layout);
  });
});

test('marks no link as leading back where there is no circle', () => {
  expect(laidOut(scribble(200, 300, 4))[1].back.includes(1)).toBe(false);
});

test('an open group holds its parts, and no other box lies over it', () => {
  const given = study();
  const run = given.nodes.find((node) => node.name === 'train.py')!.id;
  const [scene, layout] = laidOut(given, 'run', [run]);
  const frame = scene.boxes.findIndex((box) => box.kind === 'frame');
  const parts = scene.boxes.flatMap((box, v) => (box.parent === frame ? [v] : []));
  const names = parts.map((v) => scene.graph.nodes[scene.boxes[v]!.node]!.name);
  expect(names.sort()).toEqual(['Pipeline.fit', 'train']);
  for (const v of parts) {
    expect(layout.x[v]).toBeGreaterThanOrEqual(layout.x[frame]!);
    expect(layout.y[v]).toBeGreaterThanOrEqual(layout.y[frame]!);
    expect(layout.x[v]! + layout.width[v]!).toBeLessThanOrEqual(
      layout.x[frame]! + layout.width[frame]!,
    );
    expect(layout.y[v]! + layout.height[v]!).toBeLessThanOrEqual(
      layout.y[frame]! + layout.height[frame]!,
    );
  }
  expect(overlaps(scene, layout)).toEqual([]);
  expect(loose(scene, layout)).toEqual([]);
});

test('the work grows in line with the graph', () => {
  const each = [500, 1000, 2000, 4000, 8000].map((size) => {
    const [scene, layout] = laidOut(pipelines(size));
    return layout.work / (scene.boxes.length + scene.links.length);
  });
  expect(Math.max(...each)).toBeLessThan(3 * Math.min(...each));
});

test('the work stays in bounds where every link is long', () => {
  const nodes = scribble(2000, 0, 1).nodes;
  const chain = nodes.slice(1).map((node, i) => edge(node.id, nodes[i]!.id));
  const last = nodes.at(-1)!.id;
  const long = nodes.slice(0, -2).map((node) => edge(last, node.id));
  const [scene, layout] = laidOut({ nodes, edges: [...chain, ...long] });
  expect(layout.work).toBeLessThan(500 * (scene.boxes.length + scene.links.length));
});

test('what was above stays above when the graph grows', () => {
  const given = scribble(30, 40, 2);
  const [scene, before] = laidOut(given);
  const wider = sceneFrom(
    graphFrom({
      nodes: [...given.nodes, { ...given.nodes[0]!, id: 'new' }],
      edges: [...given.edges, edge('new', given.nodes[3]!.id)],
    }),
    { view: {}, groupBy: 'none', columns: 'auto' },
  );
  const top = (id: string): number | undefined => {
    const v = scene.graph.index.get(id);
    return v === undefined ? undefined : before.y[scene.boxOf[v]!];
  };
  const after = layOut(layoutInput(wider, top));
  const pairs = scene.boxes.flatMap((_, a) => scene.boxes.map((__, b) => [a, b] as const));
  const sameColumn = pairs.filter(
    ([a, b]) =>
      before.x[a] === before.x[b] && after.x[a] === after.x[b] && before.y[a]! < before.y[b]!,
  );
  const kept = sameColumn.filter(([a, b]) => after.y[a]! < after.y[b]!);
  expect(sameColumn.length).toBeGreaterThan(10);
  expect(kept.length).toBeGreaterThan(0.85 * sameColumn.length);
});

function edge(source: string, target: string): LineageGraph['edges'][number] {
  return { source, target, relation: 'wasDerivedFrom', role: '', known: 'observed', at: null };
}

test('things in the order of time stand one right of the other, and no link is drawn for it', () => {
  const lone = (id: string): LineageNode => ({
    id,
    type: 'activity',
    kind: 'cell',
    name: id,
    digest: null,
    places: [],
    attributes: {},
  });
  const nodes = ['third', 'first', 'second'].map(lone);
  const order = ['first', 'second', 'gone', 'third'];
  const options = { view: {}, groupBy: 'none', columns: 'none', order } as const;
  const scene = sceneFrom(graphFrom({ nodes, edges: [] }), options);
  const layout = layOut(layoutInput(scene));
  const left = new Map(scene.boxes.map((box, v) => [box.id, layout.x[v]!]));
  expect([...left].sort((a, b) => a[1] - b[1]).map(([id]) => id)).toEqual([
    'first',
    'second',
    'third',
  ]);
  expect(new Set(left.values()).size).toBe(3);
  expect([layout.start.length, layout.route.length]).toEqual([1, 0]);
});
