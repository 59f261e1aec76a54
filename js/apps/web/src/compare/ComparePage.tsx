import { Suspense, lazy, useMemo, useState } from 'react';
import { useTitle } from '../app/useTitle';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { shortId } from '../format/digest';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Tabs } from '../parts/Tabs';
import { address } from '../router/address';
import { navigate, useLocation } from '../router/location';
import { queryString } from '@whence/api-client';
import { CompareTable } from './CompareTable';
import { ChooseRuns } from './ChooseRuns';
import { sectionsOf } from './rows';
import './compare.css';

const MetricCharts = lazy(() => import('../chart/MetricCharts'));

/** Runs side by side: what differs first, and their metrics on the same charts. */
export default function ComparePage() {
  const project = useProject();
  const { search } = useLocation();
  const query = new URLSearchParams(search);
  const chosen = [...new Set(query.getAll('run').filter(Boolean))];
  const all = query.get('all') === '1';
  const tab = query.get('tab') === 'metrics' ? 'metrics' : 'table';
  const [find, setFind] = useState('');
  useTitle('Compare');

  const can = chosen.length >= 2;
  const asked = useAnswer(can ? `compare ${project.name} ${chosen.join(' ')}` : null, (signal) =>
    project.compare(chosen, signal),
  );
  const { data } = asked;
  const names = useMemo(
    () => (data?.runs ?? []).map((run) => ({ id: run.id, name: `${run.name} ${shortId(run.id)}` })),
    [data],
  );
  const sections = useMemo(() => sectionsOf(data?.rows ?? [], !all, find), [data, all, find]);
  const go = (part: { run?: string[]; all?: boolean; tab?: string }) =>
    navigate(
      address.compare(project.name, []) +
        queryString({
          run: part.run ?? chosen,
          all: (part.all ?? all) ? 1 : '',
          tab: (part.tab ?? tab) === 'metrics' ? 'metrics' : '',
        }),
      { replace: part.run === undefined },
    );

  if (!can) return <ChooseRuns chosen={chosen} onChoose={(run) => go({ run })} />;
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!data) return <Skeleton lines={12} />;
  return (
    <article className="page compare">
      <h1>
        Compare <span className="faint">{data.runs.length} runs</span>
      </h1>
      <Tabs
        label="Ways to compare"
        tabs={[
          { id: 'table', title: 'Side by side', count: data.rows.filter((r) => r.differs).length },
          { id: 'metrics', title: 'Metrics' },
        ]}
        chosen={tab}
        onChoose={(id) => go({ tab: id })}
      />
      <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'table' && (
          <>
            <div className="toolbar">
              <input
                type="search"
                placeholder="Find a row"
                aria-label="Find a row"
                value={find}
                onChange={(event) => setFind(event.target.value)}
              />
              <label>
                <input
                  type="checkbox"
                  role="switch"
                  checked={!all}
                  onChange={(event) => go({ all: !event.target.checked })}
                />
                Only differences
              </label>
            </div>
            <CompareTable
              runs={data.runs}
              sections={sections}
              onRemove={(id) => go({ run: chosen.filter((each) => each !== id) })}
            />
            {sections.length === 0 && <p className="faint">Nothing differs.</p>}
          </>
        )}
        {tab === 'metrics' && (
          <Suspense fallback={<Skeleton />}>
            <MetricCharts
              runs={names}
              alone={false}
              live={data.runs.some((run) => run.attributes.status === 'running')}
            />
          </Suspense>
        )}
      </div>
    </article>
  );
}
