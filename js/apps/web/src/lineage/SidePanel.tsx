import type { AnswerNode } from '@whence/api-client';
import { useProject } from '../data/project';
import { Digest } from '../parts/Digest';
import { type Fact, Facts } from '../parts/Facts';
import { Icon } from '../parts/Icon';
import { iconOfKind } from '../parts/icons';
import { Status } from '../parts/Status';
import { Text } from '../parts/Text';
import { Time } from '../parts/Time';
import { Value } from '../parts/Value';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { Neighbours } from './Neighbours';
import { WhyList } from './WhyList';
import type { Side, Surroundings } from './merge';
import type { LineageState } from './url';

interface Props {
  node: AnswerNode;
  focus: AnswerNode | undefined;
  known: Surroundings;
  state: LineageState;
  onChange: (part: Partial<LineageState>) => void;
  onExpand: (id: string, side: Side) => void;
  onCentre: (id: string) => void;
}

/** All about the node that is selected, and where one can go from it. */
export function SidePanel(props: Props) {
  const { node, focus, known, state, onChange } = props;
  const project = useProject().name;
  const isFocus = node.id === focus?.id;
  const showsPath = state.from !== '' && [state.from, state.to].includes(node.id);
  return (
    <aside className="panel" aria-label="The selected thing">
      <header>
        <p className="kind">
          <Icon name={iconOfKind(node.kind)} size={14} />
          <Text text={node.kind} length={40} />
          <span className="spring" />
          <button
            type="button"
            className="quiet tiny"
            aria-label="Close the panel"
            onClick={() => onChange({ selected: '' })}
          >
            <Icon name="cross" size={14} />
          </button>
        </p>
        <h2>
          <Text text={node.name || node.id} length={160} />
        </h2>
        {node.digest && <Digest digest={node.digest} />}
      </header>
      <div className="actions">
        {node.kind === 'run' && (
          <Link to={address.run(project, node.id)} className="button primary">
            Open the run
          </Link>
        )}
        {!isFocus && (
          <Link to={address.lineage(project, node.id)} className="button">
            Begin here
          </Link>
        )}
        {node.type === 'entity' && (
          <Link to={address.impact(project, node.id)} className="button">
            Impact
          </Link>
        )}
        <button type="button" onClick={() => props.onCentre(node.id)}>
          Centre
        </button>
        {focus && !isFocus && !showsPath && (
          <button type="button" onClick={() => onChange({ from: focus.id, to: node.id })}>
            Show the path
          </button>
        )}
        {(['up', 'down'] as const).map(
          (side) =>
            known.frontier[side].has(node.id) && (
              <button type="button" key={side} onClick={() => props.onExpand(node.id, side)}>
                {side === 'up' ? 'One level back' : 'One level on'}
              </button>
            ),
        )}
      </div>
      {focus && showsPath && <WhyList source={state.to} target={state.from} />}
      <Facts facts={factsOf(node)} />
      <Neighbours node={node} known={known} onSelect={(id) => onChange({ selected: id })} />
    </aside>
  );
}

const HIDDEN = new Set(['mono', 'span', 'callers', 'packages', 'dtypes', 'index', 'status', 'pid']);

function factsOf(node: AnswerNode): Fact[] {
  const { status } = node.attributes;
  const facts: Fact[] = [];
  if (typeof status === 'string') facts.push(['status', <Status key="s" status={status} />]);
  if (node.places.length > 0) facts.push(['place', <Value key="p" value={node.places} />]);
  for (const [key, value] of Object.entries(node.attributes)) {
    if (HIDDEN.has(key) || value === null || value === '') continue;
    const isTime = key.endsWith('_at') && typeof value === 'string';
    const shown = isTime ? <Time at={value} /> : <Value value={value} length={200} />;
    facts.push([key.replaceAll('_', ' '), shown]);
  }
  return facts;
}
