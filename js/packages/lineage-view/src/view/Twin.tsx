/** The drawing for those who do not see it: the thing one is at, what it came from, what it gave. */

import { forwardRef, memo, type KeyboardEvent, type ReactNode } from 'react';
import { itemsOf } from '../model/adjacency';
import { described, edgeSentence } from '../model/describe';
import type { Graph } from '../model/graph';

interface Props {
  readonly graph: Graph;
  readonly at: number;
  readonly label: string;
  readonly id: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const MOST = 40;

/** One stop for the Tab key; the arrow keys walk along the edges. */
export const Twin = memo(
  forwardRef<HTMLUListElement, Props>(function Twin({ graph, at, label, id, onKeyDown }, ref) {
    if (at < 0) {
      return (
        <ul
          ref={ref}
          className="wl-twin"
          role="tree"
          tabIndex={0}
          aria-label={label}
          onKeyDown={onKeyDown}
        >
          <li role="treeitem" aria-level={1} aria-selected={false}>
            {graph.nodes.length ? 'Press Home to begin' : 'Nothing to show'}
          </li>
        </ul>
      );
    }
    const up = [...itemsOf(graph.up, at)];
    const down = [...itemsOf(graph.down, at)];
    return (
      <ul
        ref={ref}
        className="wl-twin"
        role="tree"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={`${id}-at`}
        onKeyDown={onKeyDown}
      >
        <li
          id={`${id}-at`}
          role="treeitem"
          aria-level={1}
          aria-selected
          aria-expanded={up.length + down.length > 0}
        >
          {described(graph, at)}
          <ul role="group">
            <Side graph={graph} edges={up} word="from" />
            <Side graph={graph} edges={down} word="gave" />
          </ul>
        </li>
      </ul>
    );
  }),
);

function Side({
  graph,
  edges,
  word,
}: {
  graph: Graph;
  edges: readonly number[];
  word: string;
}): ReactNode {
  return (
    <>
      {edges.slice(0, MOST).map((e) => (
        <li key={e} role="treeitem" aria-level={2} aria-selected={false}>
          {`${word}: ${edgeSentence(graph, e)}`}
        </li>
      ))}
      {edges.length > MOST && (
        <li
          role="treeitem"
          aria-level={2}
          aria-selected={false}
        >{`and ${edges.length - MOST} more`}</li>
      )}
    </>
  );
}
