import { useState } from 'react';
import { Empty } from '../parts/Empty';
import { Text } from '../parts/Text';
import { textOf } from '../run/sheet';
import { Time } from '../parts/Time';
import { ThingLink } from '../parts/ThingLink';
import { Value } from '../parts/Value';
import { type Group, figureOf } from './touched';

const AT_FIRST = 12;
const PASSING = ['In memory', 'Calls'];

/** What was touched, what matters most first. */
export function ImpactGroups({ groups }: { groups: Group[] }) {
  if (groups.length === 0) {
    return (
      <Empty icon="impact" title="Nothing came of it">
        <p>No recorded run used this. What is not run under whence is not seen.</p>
      </Empty>
    );
  }
  return (
    <div className="groups">
      {groups.map((group) => (
        <GroupView key={group.title} group={group} />
      ))}
    </div>
  );
}

function GroupView({ group: { title, nodes } }: { group: Group }) {
  const [most, setMost] = useState(PASSING.includes(title) ? 5 : AT_FIRST);
  return (
    <section>
      <h2>
        {title} <span className="count">{nodes.length}</span>
      </h2>
      <ul className="uses">
        {nodes.slice(0, most).map((node) => {
          const figure = figureOf(node);
          return (
            <li key={node.id}>
              <ThingLink node={node} />
              {figure === undefined ? (
                <span className="faint">
                  {node.kind === 'run' ? (
                    <Time at={textOf(node, 'started_at')} />
                  ) : (
                    <Text text={detail(node.kind, node.attributes.class)} length={50} />
                  )}
                </span>
              ) : (
                <Value value={figure} />
              )}
            </li>
          );
        })}
      </ul>
      {nodes.length > most && (
        <button type="button" className="quiet" onClick={() => setMost(nodes.length)}>
          Show all {nodes.length}
        </button>
      )}
    </section>
  );
}

function detail(kind: string, made: unknown): string {
  return typeof made === 'string' ? (made.split('.').at(-1) ?? kind) : kind;
}
