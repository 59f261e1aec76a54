import type { AnswerEdge, AnswerNode } from '@whence/api-client';
import { Icon } from '../parts/Icon';
import { iconOfKind } from '../parts/icons';
import { Text } from '../parts/Text';
import type { Surroundings } from './merge';

interface Props {
  node: AnswerNode;
  known: Surroundings;
  onSelect: (id: string) => void;
}

/** What the node came from and what came of it, as a list to walk along. */
export function Neighbours({ node, known, onSelect }: Props) {
  const edges = [...known.edges.values()];
  const back = edges.filter((edge) => edge.source === node.id);
  const on = edges.filter((edge) => edge.target === node.id);
  const list = (title: string, found: AnswerEdge[], other: 'source' | 'target') =>
    found.length > 0 && (
      <section>
        <h3>{title}</h3>
        <ul className="neighbours">
          {found.slice(0, 40).map((edge) => {
            const there = known.nodes.get(edge[other]);
            if (!there) return null;
            return (
              <li key={edge[other] + edge.relation + edge.role + edge.known}>
                <button type="button" className="quiet" onClick={() => onSelect(there.id)}>
                  <Icon name={iconOfKind(there.kind)} size={14} />
                  <Text text={there.name || there.id} length={44} />
                </button>
                <span className="faint">
                  <i className={`line line-${edge.known}`} /> {edge.relation}
                </span>
              </li>
            );
          })}
          {found.length > 40 && <li className="faint">and {found.length - 40} more</li>}
        </ul>
      </section>
    );
  return (
    <>
      {list('From', back, 'target')}
      {list('To', on, 'source')}
    </>
  );
}
