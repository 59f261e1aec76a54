import type { FlowEdge, SinkCall } from '@whence/api-client';
import { counted } from '../format/number';
import { Icon } from '../parts/Icon';
import { Text } from '../parts/Text';
import { Site, Source } from './Site';
import { takenColumns } from './groups';

interface Props {
  sink: SinkCall;
  edges: FlowEdge[];
}

/** One model, and each of the data that went into it. */
export function FedBy({ sink, edges }: Props) {
  return (
    <article className="fed" aria-label={`What fed ${sink.class}`}>
      <h3>
        <Icon name="model" size={15} />
        <Text text={sink.class || sink.call} length={60} />
        <Site call={sink} />
      </h3>
      <ul>
        {edges.map((edge, index) => (
          <li key={index}>
            <div className="fed-source">
              <Source source={edge.source} />
              <span className={`tag role role-${edge.role}`}>{edge.role}</span>
              {edge.arguments.length > 0 && (
                <span className="faint">as {edge.arguments.join(', ')}</span>
              )}
              <span className="spring" />
              <span>
                <i className={`line line-${edge.known}`} /> {edge.known}
              </span>
            </div>
            <Columns edge={edge} />
            {edge.through.length > 0 && (
              <p className="faint">
                through {edge.through.map((one) => `${one.file}:${String(one.line)}`).join(', ')}
              </p>
            )}
          </li>
        ))}
      </ul>
    </article>
  );
}

function Columns({ edge }: { edge: FlowEdge }) {
  const { unused } = edge.columns;
  const taken = takenColumns(edge);
  if (taken.length + unused.length === 0) return null;
  return (
    <dl className="taken">
      {taken.map(([kind, names]) => (
        <div key={kind}>
          <dt>{kind}</dt>
          <dd>
            <Names names={names} kind={kind} />
          </dd>
        </div>
      ))}
      {unused.length > 0 && (
        <div>
          <dt>unused</dt>
          <dd>
            <details>
              <summary>{counted(unused.length, 'column')}</summary>
              <Names names={unused} kind="unused" />
            </details>
          </dd>
        </div>
      )}
    </dl>
  );
}

const MOST = 300;

function Names({ names, kind }: { names: string[]; kind: string }) {
  return (
    <span className="chips">
      {names.slice(0, MOST).map((name) => (
        <span key={name} className={`chip use-${kind}`}>
          <Text text={name} length={60} />
        </span>
      ))}
      {names.length > MOST && <span className="faint">and {names.length - MOST} more</span>}
    </span>
  );
}
