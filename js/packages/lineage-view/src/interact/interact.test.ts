import { describe, expect, test } from 'vitest';
import { study } from '../../demo/study';
import { layoutInput } from '../layout/input';
import { layOut } from '../layout/nested';
import { graphFrom } from '../model/graph';
import { sceneFrom } from '../model/scene';
import type { LineageViewState } from '../types';
import { between, fitted, panned, toDrawing, zoomedAt } from './camera';
import { commandOf } from './keys';
import { viewFromText, viewToText } from './link';
import { reduced } from './reduce';
import { nextBox } from './walk';

const SIZE = { width: 800, height: 600 };

describe('the camera', () => {
  test('a zoom keeps what is under the pointer', () => {
    const before = { x: 120, y: -40, zoom: 0.7 };
    const after = zoomedAt(before, SIZE, 1.6, 650, 80);
    expect(after.zoom).toBeCloseTo(1.12);
    expect(toDrawing(after, SIZE, 650, 80).x).toBeCloseTo(toDrawing(before, SIZE, 650, 80).x);
    expect(toDrawing(after, SIZE, 650, 80).y).toBeCloseTo(toDrawing(before, SIZE, 650, 80).y);
  });

  test('a drag moves the drawing with the hand', () => {
    expect(panned({ x: 0, y: 0, zoom: 0.5 }, 10, -20)).toEqual({ x: -20, y: 40, zoom: 0.5 });
  });

  test('a fit shows all, and no drawing larger than it is', () => {
    const camera = fitted(SIZE, 4000, 1000);
    expect(toDrawing(camera, SIZE, 0, 0).x).toBeLessThan(0);
    expect(toDrawing(camera, SIZE, 800, 600).x).toBeGreaterThan(4000);
    expect(fitted(SIZE, 10, 10).zoom).toBe(1.1);
  });

  test('a glide begins and ends where it should', () => {
    const [a, b] = [
      { x: 0, y: 0, zoom: 1 },
      { x: 900, y: 50, zoom: 0.2 },
    ];
    expect(between(a, b, 0)).toEqual(a);
    const end = between(a, b, 1);
    expect([end.x, end.y, end.zoom].map((n) => Number(n.toFixed(6)))).toEqual([900, 50, 0.2]);
  });
});

describe('the view', () => {
  test('an action gives the next view and leaves the old one alone', () => {
    const start: LineageViewState = Object.freeze({ selected: 'a' });
    const steps = [
      { type: 'collapse', id: 'a', side: 'up' },
      { type: 'collapse', id: 'b', side: 'down' },
      { type: 'collapse', id: 'a', side: 'up' },
      { type: 'open', id: 'g' },
      { type: 'kind', kind: 'environment' },
      { type: 'search', text: 'csv' },
      { type: 'light', id: 'a' },
    ] as const;
    expect(steps.reduce(reduced, start)).toEqual({
      selected: 'a',
      collapsed: [
        { id: 'b', side: 'down' },
        { id: 'a', side: 'up' },
      ],
      open: ['g'],
      hidden: ['environment'],
      search: 'csv',
      lit: 'a',
    });
  });

  test('what is undone leaves no trace', () => {
    const steps = [
      { type: 'select', id: 'a' },
      { type: 'select', id: null },
      { type: 'collapse', id: 'a', side: 'up' },
      { type: 'reopen', id: 'a', side: 'up' },
      { type: 'kind', kind: 'x' },
      { type: 'kind', kind: 'x' },
      { type: 'search', text: 'x' },
      { type: 'search', text: '' },
      { type: 'light', id: 'a' },
      { type: 'light', id: 'a' },
    ] as const;
    expect(steps.reduce(reduced, {})).toEqual({});
  });

  test('a link holds all of it', () => {
    const view: LineageViewState = {
      groupBy: 'run',
      selected: 'sha256:ab&cd=?#',
      lit: 'b',
      collapsed: [
        { id: 'x:y', side: 'up' },
        { id: 'new\nline', side: 'down' },
      ],
      open: ['a', 'b'],
      shut: ['c'],
      hidden: ['environment'],
      search: 'model joblib',
      camera: { x: 12, y: -40, zoom: 0.75 },
    };
    expect(viewFromText(viewToText(view))).toEqual(view);
    expect(viewToText({})).toBe('');
  });

  test('a link that was tampered with gives what can be understood', () => {
    expect(viewFromText('group=all&collapsed=sideways:a&camera=1,2&search=x')).toEqual({
      search: 'x',
    });
    expect(viewFromText('camera=1,2,0')).toEqual({});
    expect(viewFromText('camera=NaN,2,1&__proto__=x')).toEqual({});
  });
});

test('keys walk where something is selected and pan where nothing is', () => {
  const press = {
    key: 'ArrowLeft',
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
  };
  expect(commandOf(press, true)).toEqual({ do: 'walk', step: 'left' });
  expect(commandOf(press, false)).toEqual({ do: 'pan', step: 'left' });
  expect(commandOf({ ...press, shiftKey: true }, true)).toEqual({ do: 'pan', step: 'left' });
  expect(commandOf({ ...press, ctrlKey: true }, true)).toBeNull();
  expect(commandOf({ ...press, key: 'constructor' }, true)).toBeNull();
});

test('arrows walk along the links and up and down a column', () => {
  const scene = sceneFrom(graphFrom(study()), { view: {}, groupBy: 'run', columns: 'none' });
  const layout = layOut(layoutInput(scene));
  const named = (v: number): string => (v < 0 ? '' : scene.graph.nodes[scene.boxes[v]!.node]!.name);
  const from = (name: string): number => scene.boxes.findIndex((_, v) => named(v) === name);
  expect(named(nextBox(scene, layout, from('reports/scores.json'), 'left'))).toBe('evaluate.py');
  expect(named(nextBox(scene, layout, from('evaluate.py'), 'right'))).toMatch(/^reports/);
  expect(nextBox(scene, layout, from('reports/scores.json'), 'right')).toBe(-1);
  const under = nextBox(scene, layout, from('prepare.py'), 'down');
  expect(under < 0 || layout.y[under]! > layout.y[from('prepare.py')]!).toBe(true);
});
