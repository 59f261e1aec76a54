import type { AnswerNode, Json } from '@whence/api-client';
import { useProject } from '../data/project';
import { shortDigest, shortId } from '../format/digest';
import { duration } from '../format/time';
import { isNumeric } from '../format/value';
import { Status } from '../parts/Status';
import { Text } from '../parts/Text';
import { Time } from '../parts/Time';
import { Value } from '../parts/Value';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { type Column, cell } from './columns';

/** What one run has in one column, as that column shows it. */
export function RunCell({ run, column }: { run: AnswerNode; column: Column }) {
  const value = cell(run, column.id);
  const text = typeof value === 'string' ? value : '';
  switch (column.id) {
    case 'name':
      return <RunName run={run} />;
    case 'status':
      return <Status status={text} />;
    case 'start_time':
    case 'end_time':
      return <Time at={text} />;
    case 'duration':
      return <span className="number">{typeof value === 'number' ? duration(value) : '–'}</span>;
    case 'run_id':
      return <code title={text}>{shortId(text)}</code>;
    case 'commit':
      return text ? <code title={text}>{shortDigest(text)}</code> : <Value value={null} />;
    case 'inputs':
    case 'outputs':
      return <Names value={value} />;
    case 'command':
      return <Text text={Array.isArray(value) ? value.join(' ') : text} title />;
    default:
      return isNumeric(value) ? <Value value={value} /> : <Value value={value} length={120} />;
  }
}

function RunName({ run }: { run: AnswerNode }) {
  const project = useProject().name;
  return (
    <span className="run-name">
      <Link to={address.run(project, run.id)}>
        <Text text={run.name || 'unnamed'} length={60} />
      </Link>
      <code className="faint">{shortId(run.id)}</code>
    </span>
  );
}

function Names({ value }: { value: Json | undefined }) {
  const names = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (names.length === 0) return <span className="faint">–</span>;
  return <Text text={names.join(', ')} length={120} title />;
}
