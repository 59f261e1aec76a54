import { ThingLink } from '../parts/ThingLink';
import type { Use } from './sheet';

/** Things as links, one under the other. */
export function UseList({ uses, none }: { uses: readonly Use[]; none: string }) {
  if (uses.length === 0) return <p className="faint">{none}</p>;
  return (
    <ul className="uses">
      {uses.slice(0, 50).map(({ node, role }) => (
        <li key={node.id}>
          <ThingLink node={node} />
          <span className="faint">{role || node.kind}</span>
        </li>
      ))}
      {uses.length > 50 && <li className="faint">and {uses.length - 50} more</li>}
    </ul>
  );
}
