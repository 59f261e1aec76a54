/** What the lines and colours mean; a kind is switched off and on here. */

import { memo, useMemo, useState, type ReactNode } from 'react';
import type { Palette } from '../draw/theme';
import { DASHES } from '../draw/edges';
import { FAMILIES, familyOf, KNOWN } from '../model/family';
import type { Graph } from '../model/graph';
import { plain } from '../model/words';

interface Props {
  readonly graph: Graph;
  readonly palette: Palette;
  readonly hidden: readonly string[];
  readonly onKind: (kind: string) => void;
}

const MOST_KINDS = 16;
const NARROW = 640;

export const Legend = memo(function Legend({ graph, palette, hidden, onKind }: Props): ReactNode {
  const kinds = useMemo(() => kindsOf(graph), [graph]);
  const [isOpen, setOpen] = useState(() => globalThis.innerWidth > NARROW);
  return (
    <details
      className="wl-panel wl-legend"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Legend</summary>
      <ul aria-label="How an edge is known">
        {KNOWN.map((known, i) => (
          <li key={known}>
            <svg viewBox="0 0 30 8" aria-hidden="true">
              <path
                d="M0 4H30"
                fill="none"
                stroke={palette.muted}
                strokeWidth={i === 2 ? 2.4 : 1.8}
                strokeDasharray={DASHES[i]!.join(' ')}
                strokeLinecap={i === 2 ? 'round' : 'butt'}
              />
            </svg>
            {known}
          </li>
        ))}
      </ul>
      <ul aria-label="Kinds">
        {kinds.map(([kind, colour, count]) => (
          <li key={kind}>
            <button
              type="button"
              aria-pressed={!hidden.includes(kind)}
              title={`${count.toLocaleString('en')} × ${plain(kind)}`}
              onClick={() => onKind(kind)}
            >
              <i style={{ background: palette.family[colour] }} />
              {plain(kind).slice(0, 24)}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
});

function kindsOf(graph: Graph): [string, (typeof FAMILIES)[number], number][] {
  const found = new Map<string, [string, (typeof FAMILIES)[number], number]>();
  for (const node of graph.nodes) {
    if (node.kind === 'column') continue;
    const entry = found.get(node.kind);
    if (entry) entry[2]++;
    else found.set(node.kind, [node.kind, familyOf(node), 1]);
  }
  const order = (family: (typeof FAMILIES)[number]): number => FAMILIES.indexOf(family);
  const all = [...found.values()].sort((a, b) => b[2] - a[2]).slice(0, MOST_KINDS);
  return all.sort((a, b) => order(a[1]) - order(b[1]) || (a[0] < b[0] ? -1 : 1));
}
