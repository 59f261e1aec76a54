import type { AnswerNode } from '@whence/api-client';
import { useMemo, useState } from 'react';
import { useChanges } from '../data/live';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { duration, exact } from '../format/time';
import { Empty } from '../parts/Empty';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Text } from '../parts/Text';
import { barsOf } from './bars';
import { TimeAxis } from './TimeAxis';

const MOST = 2000;
const AT_FIRST = 300;

/** Stages, epochs and calls as bars over the time of the run. */
export default function TimelineTab({ run, live }: { run: AnswerNode; live: boolean }) {
  const project = useProject();
  const [most, setMost] = useState(AT_FIRST);
  const asked = useAnswer(`timeline ${project.name} ${run.id}`, (signal) =>
    project.timeline(run.id, MOST, signal),
  );
  useChanges(live ? null : [run.id], asked.again);
  const { bars, span } = useMemo(() => barsOf(asked.data?.items ?? [], Date.now()), [asked.data]);
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton />;
  if (bars.length === 0) {
    return (
      <Empty icon="stage" title="No stages or calls">
        <p>
          A part of a script becomes a stage by <code>with run.section("epoch", epoch):</code>
        </p>
      </Empty>
    );
  }
  return (
    <div className="gantt" role="table" aria-label="What happened when">
      <div role="row" className="gantt-head">
        <span role="columnheader">What</span>
        <span role="columnheader" className="right">
          Took
        </span>
        <TimeAxis span={span} />
      </div>
      {bars.slice(0, most).map(({ item, depth, from, to, seconds }) => (
        <div role="row" key={item.id} title={item.started_at ? exact(item.started_at) : ''}>
          <span role="rowheader" style={{ paddingLeft: Math.min(depth, 12) * 14 }}>
            <Text text={item.name} length={60} />
            <span className="faint">{item.kind}</span>
          </span>
          <span role="cell" className="right number">
            {duration(seconds)}
          </span>
          <span role="cell" className="gantt-lane">
            <i
              className={`gantt-bar gantt-${barKind(item.kind, item.status)}`}
              style={{
                left: `${String(from * 100)}%`,
                width: `max(2px, ${String((to - from) * 100)}%)`,
              }}
            />
          </span>
        </div>
      ))}
      {bars.length > most && (
        <button type="button" onClick={() => setMost(bars.length)}>
          Show all {bars.length}
        </button>
      )}
      {asked.data.truncated && <p className="faint">Only the first {MOST} are shown.</p>}
    </div>
  );
}

function barKind(kind: string, status: string | null): string {
  if (status === 'failed') return 'failed';
  if (status === 'running') return 'running';
  return ['run', 'stage', 'section', 'epoch'].includes(kind) ? 'stage' : 'call';
}
