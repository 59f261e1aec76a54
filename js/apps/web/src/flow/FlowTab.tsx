import type { AnswerNode } from '@whence/api-client';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { CompletenessStrip } from '../parts/CompletenessStrip';
import { Empty } from '../parts/Empty';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { ColumnTable } from './ColumnTable';
import { Evaluations } from './Evaluations';
import { FedBy } from './FedBy';
import { bySink } from './groups';
import './flow.css';

/** Which data fed which model inside a run, how that is known, and what each column was for. */
export default function FlowTab({ run }: { run: AnswerNode }) {
  const project = useProject();
  const asked = useAnswer(`flow ${project.name} ${run.id}`, async (signal) => {
    const [flow, columns] = await Promise.all([
      project.flow(run.id, signal),
      project.columns(run.id, signal),
    ]);
    return { flow, columns: columns.columns };
  });
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton />;
  const { flow, columns } = asked.data;
  const evaluations = flow.evaluations;
  if (flow.edges.length + evaluations.length + columns.length === 0) {
    return (
      <>
        <Empty icon="model" title="No data fed a model here">
          <p>Calls that read data and calls that fit, transform or score show up here.</p>
        </Empty>
        <CompletenessStrip completeness={flow.completeness} />
      </>
    );
  }
  return (
    <div className="flow">
      {flow.edges.length > 0 && (
        <section>
          <h2>What fed which model</h2>
          {bySink(flow.edges).map(({ key, sink, edges }) => (
            <FedBy key={key} sink={sink} edges={edges} />
          ))}
        </section>
      )}
      {evaluations.length > 0 && <Evaluations evaluations={evaluations} />}
      {columns.length > 0 && <ColumnTable columns={columns} />}
      <CompletenessStrip completeness={flow.completeness} />
    </div>
  );
}
