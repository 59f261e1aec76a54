import type { AnswerNode, PartOf, Sheet } from '@whence/api-client';
import { useProject } from '../data/project';
import { ExportMenu } from '../export/ExportMenu';
import { shortId } from '../format/digest';
import { between, duration } from '../format/time';
import { CopyButton } from '../parts/CopyButton';
import { Icon } from '../parts/Icon';
import { Status } from '../parts/Status';
import { Text } from '../parts/Text';
import { Time } from '../parts/Time';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { textOf } from './sheet';

interface Props {
  run: AnswerNode;
  sheet: Sheet;
  partOf: PartOf | null;
}

/** The name of the run, how it stands, and where to go from it. */
export function RunHead({ run, sheet, partOf }: Props) {
  const project = useProject().name;
  const started = textOf(run, 'started_at');
  const took = between(started, textOf(run, 'ended_at'));
  return (
    <header className="head-block">
      <p className="crumbs">
        <Link to={address.runs(project)}>Runs</Link>
        <Icon name="right" size={11} />
        <code>{shortId(run.id)}</code>
        <CopyButton text={run.id} what="the id" />
      </p>
      <h1>
        <Text text={run.name || 'unnamed'} length={90} />
      </h1>
      <p className="head-line">
        <Status status={sheet.status ?? textOf(run, 'status')} />
        <span>
          started <Time at={started} />
        </span>
        {took !== null && <span>took {duration(took)}</span>}
        {partOf && (
          <span>
            part of{' '}
            <Link to={address.run(project, partOf.id)}>
              <Text text={partOf.name || 'unnamed'} length={60} />
            </Link>
          </span>
        )}
        <span className="spring" />
        <Link to={address.lineage(project, run.id)} className="button">
          <Icon name="lineage" size={14} /> Lineage
        </Link>
        <Link to={address.compare(project, [run.id])} className="button">
          <Icon name="compare" size={14} /> Compare
        </Link>
        <ExportMenu thing={run.id} />
      </p>
    </header>
  );
}
