import type { AnswerNode, Sheet } from '@whence/api-client';
import { bytes } from '../format/number';
import { Digest } from '../parts/Digest';
import { Text } from '../parts/Text';
import { ThingLink } from '../parts/ThingLink';
import { Time } from '../parts/Time';
import { type Use, usesOf } from './sheet';

/** What went in and what came out, with size, digest and time. */
export function InputsOutputs({ run, sheet }: { run: AnswerNode; sheet: Sheet }) {
  const { inputs, outputs } = usesOf(sheet, run);
  return (
    <>
      <UseTable title="In" uses={inputs} none="This run read nothing that is recorded." />
      <UseTable title="Out" uses={outputs} none="This run wrote nothing that is recorded." />
    </>
  );
}

function UseTable({ title, uses, none }: { title: string; uses: Use[]; none: string }) {
  return (
    <section>
      <h2>{title}</h2>
      {uses.length === 0 ? (
        <p className="faint">{none}</p>
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={title}>
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Thing</th>
                <th scope="col">Kind</th>
                <th scope="col" className="right">
                  Size
                </th>
                <th scope="col">Digest</th>
                <th scope="col">As</th>
                <th scope="col">When</th>
                <th scope="col">Known</th>
              </tr>
            </thead>
            <tbody>
              {uses.map((use) => (
                <UseRow key={use.node.id} use={use} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function UseRow({ use: { node, role, at, known } }: { use: Use }) {
  const { size, shape } = node.attributes;
  return (
    <tr>
      <td>
        <ThingLink node={node} />
      </td>
      <td>
        <Text text={node.kind} length={30} />
        {Array.isArray(shape) && <span className="faint"> {shape.join(' × ')}</span>}
      </td>
      <td className="right number">{typeof size === 'number' ? bytes(size) : '–'}</td>
      <td>{node.digest ? <Digest digest={node.digest} /> : <span className="faint">–</span>}</td>
      <td>{role ? <Text text={role} length={40} /> : <span className="faint">–</span>}</td>
      <td>
        <Time at={at} />
      </td>
      <td>
        <i className={`line line-${known}`} /> {known}
      </td>
    </tr>
  );
}
