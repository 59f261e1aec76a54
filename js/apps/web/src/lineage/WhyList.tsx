import type { Ground } from '@whence/api-client';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Text } from '../parts/Text';

/** What the steps between two things rest on: the statements of the program. */
export function WhyList({ source, target }: { source: string; target: string }) {
  const project = useProject();
  const forth = useAnswer(`why ${project.name} ${source} ${target}`, async (signal) => {
    const there = await project.why(source, target, signal);
    return there.edges.length > 0 ? there : project.why(target, source, signal);
  });
  if (forth.error) return <Failure error={forth.error} again={forth.again} />;
  if (!forth.data) return <Skeleton lines={3} />;
  const { nodes, edges, grounds = [] } = forth.data;
  if (edges.length === 0) return <p className="faint">No path is known between the two.</p>;
  return (
    <section>
      <h3>Why these belong together</h3>
      <p className="faint">
        {edges.length} steps over {nodes.length} things
      </p>
      {grounds.slice(0, 8).map((ground, index) => (
        <Statements key={index} ground={ground} />
      ))}
    </section>
  );
}

function Statements({ ground }: { ground: Ground }) {
  return (
    <ol className="statements">
      {ground.reason && (
        <li>
          <Text text={ground.reason} length={200} />
        </li>
      )}
      {ground.statements.slice(0, 6).map((one) => (
        <li key={`${one.file} ${String(one.line)}`}>
          <span className="faint">
            <Text text={one.file} length={40} />:{one.line}
          </span>
          <code>
            <Text text={one.text} length={160} />
          </code>
        </li>
      ))}
    </ol>
  );
}
