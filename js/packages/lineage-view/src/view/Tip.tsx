/** What is under the pointer, in full. */

import type { CSSProperties, ReactNode } from 'react';
import type { Hit } from '../interact/hit';
import type { Size } from '../interact/camera';
import { edgeSentence } from '../model/describe';
import type { Scene } from '../model/scene';
import { columnNames } from '../model/columns';
import { detailOf, nameOf, plain } from '../model/words';
import type { Completeness } from '../types';

const MOST_EDGES = 5;
const MOST_PLACES = 2;
const MOST_COLUMNS = 12;

export interface TipPlace {
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
  /** Where the box under the pointer is on the screen. */
  readonly box: { readonly left: number; readonly top: number; readonly bottom: number } | null;
}

interface Props {
  readonly at: TipPlace;
  readonly scene: Scene;
  readonly size: Size;
  readonly completeness: Completeness | undefined;
}

export function Tip({ at, scene, size, completeness }: Props): ReactNode {
  const style = styleFor(at, size);
  return (
    <div className="wl-panel wl-tip" style={style} aria-hidden="true">
      {at.hit.handle ? (
        <span>{at.hit.handle.title}</span>
      ) : at.hit.link >= 0 ? (
        <LinkTip scene={scene} link={at.hit.link} />
      ) : (
        <NodeTip scene={scene} node={at.hit.node} completeness={completeness} />
      )}
    </div>
  );
}

function LinkTip({ scene, link }: { scene: Scene; link: number }): ReactNode {
  const edges = scene.links[link]?.edges ?? [];
  return (
    <>
      {edges.slice(0, MOST_EDGES).map((e) => (
        <span key={e}>{edgeSentence(scene.graph, e)}</span>
      ))}
      {edges.length > MOST_EDGES && (
        <span>{`and ${(edges.length - MOST_EDGES).toLocaleString('en')} more`}</span>
      )}
    </>
  );
}

interface NodeTipProps {
  readonly scene: Scene;
  readonly node: number;
  readonly completeness: Completeness | undefined;
}

function NodeTip({ scene, node, completeness }: NodeTipProps): ReactNode {
  const one = scene.graph.nodes[node];
  if (!one) return null;
  const gaps = completeness?.gaps.filter((gap) => gap.subject === one.id) ?? [];
  return (
    <>
      <b>{nameOf(one)}</b>
      <span>{detailOf(one)}</span>
      {one.places.slice(0, MOST_PLACES).map((place) => (
        <span key={place}>{plain(place)}</span>
      ))}
      <Columns names={columnNames(one.attributes)} />
      {one.digest && <span>{`${plain(one.digest).slice(0, 30)}…`}</span>}
      {gaps.map((gap, i) => (
        <span
          key={i}
        >{`Gap: ${plain(gap.code)}${gap.detail ? `, ${plain(gap.detail)}` : ''} (${gap.count})`}</span>
      ))}
    </>
  );
}

function Columns({ names }: { names: readonly string[] }): ReactNode {
  if (names.length === 0) return null;
  const more = names.length - MOST_COLUMNS;
  const shown = names.slice(0, MOST_COLUMNS).map(plain).join(', ');
  return <span>{`Columns: ${shown}${more > 0 ? ` and ${more} more` : ''}`}</span>;
}

const GAP = 14;

/** Under the box or above it, so that it hides no button; beside the pointer for a link. */
function styleFor({ x, y, box }: TipPlace, size: Size): CSSProperties {
  const fits = box !== null && box.bottom - box.top < size.height / 2;
  const left = fits ? Math.max(8, box.left) : x + GAP;
  const [top, bottom] = fits ? [box.top, box.bottom] : [y, y];
  return {
    ...(x > size.width * 0.6
      ? { right: Math.max(8, size.width - x - (fits ? 120 : -GAP)) }
      : { left }),
    ...(bottom > size.height * 0.7 ? { bottom: size.height - top + GAP } : { top: bottom + GAP }),
  };
}
