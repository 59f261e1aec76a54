import { useMemo, useState } from 'react';
import { useChanges } from '../data/live';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { number } from '../format/number';
import { duration } from '../format/time';
import { Empty } from '../parts/Empty';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Text } from '../parts/Text';
import { Chart } from './Chart';
import { ChartControls, type ChartSettings } from './ChartControls';
import { colourOf, linesOf } from './lines';
import { byKey } from './panels';
import './chart.css';

interface Props {
  runs: { id: string; name: string }[];
  alone?: boolean;
  live?: boolean;
}

const AT_FIRST = 24;

/** One chart for each metric, with a line for each run; moves by itself while one runs. */
export default function MetricCharts({ runs, alone = true, live = false }: Props) {
  const project = useProject();
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const [settings, setSettings] = useState<ChartSettings>({
    axis: 'step',
    log: false,
    weight: 0,
    find: '',
  });
  const [most, setMost] = useState(AT_FIRST);
  const asked = useAnswer(`metrics ${project.name} ${ids.join(' ')}`, (signal) =>
    project.metrics(ids, [], 600, signal),
  );
  useChanges(live ? null : ids, asked.again);
  const { axis, log, weight, find } = settings;
  const panels = useMemo(() => byKey(asked.data?.series ?? [], find), [asked.data, find]);

  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton lines={5} />;
  if (asked.data.series.length === 0) {
    return (
      <Empty icon="metric" title="No metrics">
        <p>
          Scores that libraries compute are kept by themselves. For a number of your own:
          <br />
          <code>run.log_metric("accuracy", 0.93, step=1)</code>
        </p>
      </Empty>
    );
  }
  return (
    <div className="metrics">
      <ChartControls settings={settings} onChange={setSettings} />
      {!alone && (
        <ul className="chart-legend">
          {runs.map((run, index) => (
            <li key={run.id}>
              <i style={{ background: colourOf(index) }} />
              <Text text={run.name} length={40} />
            </li>
          ))}
        </ul>
      )}
      <div className="charts">
        {panels.slice(0, most).map(({ key, series }) => (
          <Chart
            key={key}
            title={key}
            lines={linesOf(series, runs, axis, weight)}
            log={log}
            xTitle={axis === 'step' ? 'step' : 'time'}
            xText={axis === 'step' ? number : duration}
          />
        ))}
      </div>
      {panels.length === 0 && <p className="faint">No metric is called that.</p>}
      {panels.length > most && (
        <button type="button" onClick={() => setMost(most + AT_FIRST)}>
          Show more of {panels.length} charts
        </button>
      )}
    </div>
  );
}
