import type { AnswerNode, FiveW, Sheet } from '@whence/api-client';
import type { Asked } from '../data/useAnswer';
import { CompletenessStrip } from '../parts/CompletenessStrip';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Value } from '../parts/Value';
import { SixQuestions } from './SixQuestions';
import { UseList } from './UseList';
import { usesOf } from './sheet';

interface Props {
  run: AnswerNode;
  sheet: Sheet;
  six: Asked<FiveW>;
}

/** The run at a glance: the six questions, what went in and out, and its figures. */
export function Overview({ run, sheet, six }: Props) {
  const { inputs, outputs } = usesOf(sheet, run);
  const metrics = Object.entries(sheet.metrics);
  return (
    <div className="overview">
      <section aria-label="The six questions">
        {six.error && <Failure error={six.error} again={six.again} />}
        {six.loading && <Skeleton />}
        {six.data && <SixQuestions six={six.data} />}
        <CompletenessStrip completeness={sheet.completeness} />
      </section>
      <aside>
        {metrics.length > 0 && (
          <section>
            <h2>Figures</h2>
            <table className="pairs">
              <tbody>
                {metrics.slice(0, 12).map(([key, metric]) => (
                  <tr key={key}>
                    <th scope="row">
                      <Value value={key} length={40} />
                    </th>
                    <td className="right">
                      <Value value={metric.last} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        <section>
          <h2>In</h2>
          <UseList uses={inputs} none="Nothing was read." />
        </section>
        <section>
          <h2>Out</h2>
          <UseList uses={outputs} none="Nothing was written." />
        </section>
      </aside>
    </div>
  );
}
