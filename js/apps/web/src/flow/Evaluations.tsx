import type { Evaluation } from '@whence/api-client';
import { Text } from '../parts/Text';
import { Value } from '../parts/Value';
import { Site, Source } from './Site';

/** On which data which model was scored, and what came out. */
export function Evaluations({ evaluations }: { evaluations: Evaluation[] }) {
  return (
    <section>
      <h2>What was scored on what</h2>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="What was scored on what">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Call</th>
              <th scope="col">On</th>
              <th scope="col">As</th>
              <th scope="col" className="right">
                Value
              </th>
              <th scope="col">Known</th>
            </tr>
          </thead>
          <tbody>
            {evaluations.map((one, index) => (
              <tr key={index}>
                <td>
                  <Text text={one.model?.class || one.call.class || '–'} length={40} />
                </td>
                <td>
                  <Site call={one.call} />
                </td>
                <td>
                  {one.source ? (
                    <Source source={one.source} />
                  ) : (
                    <span className="faint">data not known</span>
                  )}
                </td>
                <td>
                  {one.role ? (
                    <span className={`tag role role-${one.role}`}>{one.role}</span>
                  ) : (
                    <span className="faint">–</span>
                  )}
                </td>
                <td className="right">
                  <Value value={one.value} />
                </td>
                <td>
                  <i className={`line line-${one.known}`} /> {one.known}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
