import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { study } from '../../demo/study';
import type { Look } from '../draw/look';
import { Fitter, guessedWidth } from '../draw/text';
import { mixed, paletteOf } from '../draw/theme';
import { LineageView } from '../index';
import { layoutInput } from '../layout/input';
import { layOut } from '../layout/nested';
import { graphFrom } from '../model/graph';
import { sceneFrom } from '../model/scene';
import type { LineageGraph } from '../types';
import { svgOf } from './svg';
import { escaped } from './svg-pen';

const HOSTILE = '</text></svg><script>alert("1")</script>\u0000\u202e\n&amp;\'';

function lookOf(given: LineageGraph, dark = false): Look {
  const scene = sceneFrom(graphFrom(given), { view: {}, groupBy: 'none', columns: 'auto' });
  const layout = layOut(layoutInput(scene));
  return {
    scene,
    layout,
    x: layout.x,
    y: layout.y,
    progress: 1,
    isNew: null,
    palette: paletteOf(dark),
    fitter: new Fitter(guessedWidth),
    light: null,
    path: null,
    hoverBox: -1,
    hoverLink: -1,
    hoverHandle: '',
    selected: -1,
    selectedNode: -1,
    focus: new Set(),
    found: new Set(),
    gaps: new Map(),
    handles: () => [],
  };
}

describe('the SVG document', () => {
  test('shows names as text and never as markup', () => {
    const given = study();
    const nodes = given.nodes.map((node) => ({ ...node, name: HOSTILE, kind: `k"${HOSTILE}` }));
    const svg = svgOf(lookOf({ ...given, nodes }), HOSTILE);
    for (const bad of ['<script', '</text></svg>', '\u202e', '\u0000'])
      expect(svg).not.toContain(bad);
    expect(svg.match(/<svg/g)).toHaveLength(1);
    expect(
      svg
        .match(/<[a-z]+/g)!
        .every((tag) => ['<svg', '<title', '<rect', '<path', '<text', '<g'].includes(tag)),
    ).toBe(true);
  });

  test('has real text, solid, dashed and dotted lines, and the colours of the theme', () => {
    const svg = svgOf(lookOf(study(), true), 'Lineage');
    expect(svg).toContain('>prepare.py</text>');
    expect(svg).toContain('stroke-dasharray="7 5"');
    expect(svg).toContain('stroke-dasharray="0.1 5"');
    expect(svg).toContain(`fill="${paletteOf(true).background}"`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('an empty graph is an empty picture', () => {
    expect(svgOf(lookOf({ nodes: [], edges: [] }), 'x')).toMatch(/^<svg[^]*<\/svg>\n$/);
  });
});

test('escapes all that has a meaning in markup', () => {
  expect(escaped(`<a href="x" b='y'>&\u0007`)).toBe(
    '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\ufffd',
  );
});

test('a text that is too long loses its middle', () => {
  const fitter = new Fitter((text) => [...text].length);
  expect(fitter.fit('models/very-long-name.joblib', 'x', 12)).toBe('model…joblib');
  expect(fitter.fit('short', 'x', 12)).toBe('short');
  expect(fitter.fitParts(['dataset', '569 × 31', '4a023e6a'], 'x', 20)).toBe('dataset · 569 × 31');
});

test('colours come from CSS variables where they are given', () => {
  const palette = paletteOf(
    false,
    (name) =>
      ({ '--whence-card': 'rgb(1, 2, 3)', '--whence-text': '#abc', '--whence-edge': 'var(--x)' })[
        name
      ] ?? '',
  );
  expect([palette.card, palette.text, palette.edge]).toEqual([
    '#010203',
    '#aabbcc',
    paletteOf(false).edge,
  ]);
  expect(mixed('#ffffff', '#000000', 0.5)).toBe('#808080');
});

test('the component draws its controls without a browser, names escaped', () => {
  const given = study();
  const html = renderToStaticMarkup(
    <LineageView
      graph={{ ...given, nodes: given.nodes.map((node) => ({ ...node, name: HOSTILE })) }}
      view={{ selected: 'model-9' }}
    />,
  );
  expect(html).toContain('role="tree"');
  expect(html).toContain(
    'Not complete: 2 gaps in what was recorded; cut at depth 6, 2 things not followed.',
  );
  expect(html).not.toContain('<script');
});
