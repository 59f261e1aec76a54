import { Icon } from './Icon';
import { PATHS, type IconName } from './icons';

const KNOWN = ['finished', 'failed', 'running', 'interrupted'];

/** The status of a run: icon and word, so that colour is never all that tells. */
export function Status({ status }: { status: string | null | undefined }) {
  if (!status) return <span className="faint">–</span>;
  const known = KNOWN.includes(status) && status in PATHS;
  return (
    <span className={`status status-${known ? status : 'other'}`}>
      <Icon name={known ? (status as IconName) : 'thing'} size={14} />
      {status}
    </span>
  );
}
