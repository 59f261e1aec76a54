import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { shortId } from '../format/digest';
import { visible } from '../format/text';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Status } from '../parts/Status';
import { Text } from '../parts/Text';
import { Time } from '../parts/Time';

interface Props {
  chosen: string[];
  onChoose: (runs: string[]) => void;
}

/** The newest runs, of which two are to be chosen. */
export function ChooseRuns({ chosen, onChoose }: Props) {
  const project = useProject();
  const asked = useAnswer(`newest ${project.name}`, (signal) =>
    project.runs({ limit: 50, whole: false }, signal),
  );
  return (
    <div className="start">
      <h1>What differs?</h1>
      <p>Choose {chosen.length === 0 ? 'two runs' : 'another run'} to see what differs first.</p>
      {asked.error && <Failure error={asked.error} again={asked.again} />}
      {asked.loading && <Skeleton />}
      <ul className="found">
        {asked.data?.items.map((run) => (
          <li key={run.id}>
            <label className="thing">
              <input
                type="checkbox"
                checked={chosen.includes(run.id)}
                aria-label={`Choose ${visible(run.name)} ${shortId(run.id)}`}
                onChange={(event) =>
                  onChoose(
                    event.target.checked
                      ? [...chosen, run.id]
                      : chosen.filter((each) => each !== run.id),
                  )
                }
              />
              <Text text={run.name || 'unnamed'} length={60} />
              <code className="faint">{shortId(run.id)}</code>
              <Status status={String(run.attributes.status ?? '')} />
              <Time
                at={
                  typeof run.attributes.started_at === 'string' ? run.attributes.started_at : null
                }
              />
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}
