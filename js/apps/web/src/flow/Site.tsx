import type { SinkCall, SourceCall } from '@whence/api-client';
import { useProject } from '../data/project';
import { Icon } from '../parts/Icon';
import { Text } from '../parts/Text';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { siteOf } from './groups';

/** A call and the line of the program where it stands. */
export function Site({ call }: { call: SourceCall | SinkCall }) {
  const site = siteOf(call);
  return (
    <span className="site faint">
      <code>
        <Text text={call.call} length={60} />
      </code>
      {site && (
        <>
          {' '}
          at <Text text={site} length={60} />
        </>
      )}
    </span>
  );
}

/** What brought data in: a link to the file where it was one. */
export function Source({ source }: { source: SourceCall }) {
  const project = useProject().name;
  return (
    <span className="source">
      {source.origin ? (
        <Link to={address.lineage(project, source.origin)} className="thing">
          <Icon name="file" size={14} />
          <Text text={source.origin} length={80} />
        </Link>
      ) : (
        <span className="thing">
          <Icon name="thing" size={14} />
          {source.synthetic ? 'random numbers' : 'data of its own making'}
        </span>
      )}
      <Site call={source} />
    </span>
  );
}
