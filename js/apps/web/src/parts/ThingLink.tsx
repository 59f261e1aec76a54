import type { AnswerNode } from '@whence/api-client';
import { useProject } from '../data/project';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { Icon } from './Icon';
import { iconOfKind } from './icons';
import { Text } from './Text';

/** A link to a thing: a run has a page of its own, everything else its lineage. */
export function ThingLink({ node }: { node: Pick<AnswerNode, 'id' | 'kind' | 'name'> }) {
  const project = useProject().name;
  const to =
    node.kind === 'run' ? address.run(project, node.id) : address.lineage(project, node.id);
  return (
    <Link to={to} className="thing">
      <Icon name={iconOfKind(node.kind)} size={14} />
      <Text text={node.name || node.id} length={80} />
    </Link>
  );
}
