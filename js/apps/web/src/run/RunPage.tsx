import { lazy, Suspense, useMemo } from 'react';
import { useTitle } from '../app/useTitle';
import { useChanges } from '../data/live';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { queryString } from '@whence/api-client';
import { CompletenessStrip } from '../parts/CompletenessStrip';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { type Tab, Tabs } from '../parts/Tabs';
import { navigate, useLocation } from '../router/location';
import { InputsOutputs } from './InputsOutputs';
import { Overview } from './Overview';
import { Packages } from './Packages';
import { Params } from './Params';
import { RunHead } from './RunHead';
import { environmentOf, subjectOf } from './sheet';
import './run.css';

const MetricCharts = lazy(() => import('../chart/MetricCharts'));
const TimelineTab = lazy(() => import('./TimelineTab'));
const FlowTab = lazy(() => import('../flow/FlowTab'));
const CodeTab = lazy(() => import('./CodeTab'));

type TabId =
  'overview' | 'params' | 'metrics' | 'timeline' | 'data' | 'flow' | 'code' | 'packages' | 'gaps';

/** Everything that is known of one run. */
export default function RunPage({ id }: { id: string }) {
  const project = useProject();
  const { path, search } = useLocation();
  const asked = useAnswer(`run ${project.name} ${id}`, (signal) => project.run(id, signal));
  const sheet = asked.data;
  const run = sheet && subjectOf(sheet);
  // The server names the process that told something, which a run inside of it is not.
  const isRunning = sheet?.status === 'running';
  useChanges(isRunning ? null : [id], asked.again);
  const isPart = sheet?.edges.some((edge) => edge.source === id && edge.relation === 'partOf');
  const wanted = new URLSearchParams(search).get('tab') ?? 'overview';
  const six = useAnswer(
    isPart || wanted === 'overview' ? `5w1h ${project.name} ${id}` : null,
    (signal) => project.fiveW(id, signal),
  );
  const partOf = six.data?.part_of ?? null;
  const outer = useAnswer(partOf && `run ${project.name} ${partOf.id}`, (signal) =>
    project.run(partOf?.id ?? '', signal),
  );
  useTitle(run?.name ?? 'A run');
  const name = run?.name ?? '';
  const alone = useMemo(() => [{ id, name }], [id, name]);

  if (!sheet || !run) {
    if (asked.error) {
      return (
        <>
          <h1 className="sr-only">A run</h1>
          <Failure error={asked.error} again={asked.again} />
        </>
      );
    }
    return <Skeleton lines={10} />;
  }
  const own = environmentOf(sheet);
  const inner = Object.keys(own.packages).length === 0 && outer.data !== undefined;
  const environment = inner && outer.data ? environmentOf(outer.data) : own;
  const tabs: Tab<TabId>[] = [
    { id: 'overview', title: 'Overview' },
    { id: 'params', title: 'Parameters', count: Object.keys(sheet.params).length },
    { id: 'metrics', title: 'Metrics', count: Object.keys(sheet.metrics).length },
    { id: 'timeline', title: 'Timeline' },
    { id: 'data', title: 'Data' },
    { id: 'flow', title: 'Flow' },
    { id: 'code', title: 'Code' },
    { id: 'packages', title: 'Packages', count: Object.keys(environment.packages).length },
    { id: 'gaps', title: 'Gaps', count: sheet.completeness.gaps.length },
  ];
  const chosen = tabs.find((tab) => tab.id === wanted)?.id ?? 'overview';
  const choose = (tab: TabId) =>
    navigate(path + queryString({ tab: tab === 'overview' ? '' : tab }), { replace: true });

  return (
    <article className="page run">
      <RunHead run={run} sheet={sheet} partOf={partOf} />
      <Tabs label="Parts of the run" tabs={tabs} chosen={chosen} onChoose={choose} />
      <div role="tabpanel" id={`panel-${chosen}`} aria-labelledby={`tab-${chosen}`} tabIndex={0}>
        <Suspense fallback={<Skeleton />}>
          {chosen === 'overview' && <Overview run={run} sheet={sheet} six={six} />}
          {chosen === 'params' && <Params params={sheet.params} tags={sheet.tags} />}
          {chosen === 'metrics' && <MetricCharts runs={alone} live={isRunning} />}
          {chosen === 'timeline' && <TimelineTab run={run} live={isRunning} />}
          {chosen === 'data' && <InputsOutputs run={run} sheet={sheet} />}
          {chosen === 'flow' && <FlowTab run={run} />}
          {chosen === 'code' && <CodeTab run={run} />}
          {chosen === 'packages' && (
            <Packages environment={environment} of={inner ? partOf?.name : undefined} />
          )}
          {chosen === 'gaps' && <CompletenessStrip completeness={sheet.completeness} />}
        </Suspense>
      </div>
    </article>
  );
}
