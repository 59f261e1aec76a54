import type { AnswerNode, CompareRow } from '@whence/api-client';
import { useProject } from '../data/project';
import { shortId } from '../format/digest';
import { visible } from '../format/text';
import { isNumeric } from '../format/value';
import { Icon } from '../parts/Icon';
import { Text } from '../parts/Text';
import { Value } from '../parts/Value';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { type Section, extremes } from './rows';

interface Props {
  runs: AnswerNode[];
  sections: Section[];
  onRemove: (id: string) => void;
}

const MOST = 500;

/** One column for each run, one row for each thing that they have or differ in. */
export function CompareTable({ runs, sections, onRemove }: Props) {
  const project = useProject().name;
  return (
    <div
      className="scroll-x compare-frame"
      tabIndex={0}
      role="region"
      aria-label="Runs side by side"
    >
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">What</span>
            </th>
            {runs.map((run, index) => (
              <th scope="col" key={run.id}>
                <span className="compare-head">
                  <i style={{ background: `var(--series-${String(index % 8)})` }} />
                  <Link to={address.run(project, run.id)}>
                    <Text text={run.name} length={30} />
                  </Link>
                  <button
                    type="button"
                    className="quiet tiny"
                    aria-label={`Leave out ${visible(run.name)}`}
                    onClick={() => onRemove(run.id)}
                  >
                    <Icon name="cross" size={12} />
                  </button>
                </span>
                <code className="faint">{shortId(run.id)}</code>
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <tbody key={section.name}>
            <tr className="section">
              <th scope="colgroup" colSpan={runs.length + 1}>
                <Text text={section.name} length={60} />
                <span className="count">{section.differing}</span>
              </th>
            </tr>
            {section.rows.slice(0, MOST).map((row) => (
              <Row key={row.key} row={row} />
            ))}
            {section.rows.length > MOST && (
              <tr>
                <td colSpan={runs.length + 1} className="faint">
                  and {section.rows.length - MOST} more; find them by name
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row({ row }: { row: CompareRow }) {
  const ends = row.section.toLowerCase().startsWith('metric') ? extremes(row.values) : null;
  return (
    <tr className={row.differs ? 'differs' : ''}>
      <th scope="row">
        <Text text={row.key} length={70} />
      </th>
      {row.values.map((value, index) => (
        <td key={index} className={isNumeric(value) ? 'right' : ''}>
          <Value value={value} length={90} />
          {ends?.high === index && <Mark of="highest" />}
          {ends?.low === index && <Mark of="lowest" />}
        </td>
      ))}
    </tr>
  );
}

function Mark({ of }: { of: 'highest' | 'lowest' }) {
  return (
    <span className={`end end-${of}`} title={of}>
      <Icon name={of === 'highest' ? 'up' : 'down'} size={10} />
      <span className="sr-only">{of}</span>
    </span>
  );
}
