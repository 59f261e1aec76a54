import type { Json } from '@whence/api-client';
import { useState } from 'react';
import { Empty } from '../parts/Empty';
import { Text } from '../parts/Text';
import { Value } from '../parts/Value';
import { isNumeric } from '../format/value';

interface Props {
  params: Record<string, Json>;
  tags: Record<string, Json>;
}

/** The parameters and the tags of the run, to be searched. */
export function Params({ params, tags }: Props) {
  const [find, setFind] = useState('');
  if (Object.keys(params).length + Object.keys(tags).length === 0) {
    return (
      <Empty icon="code" title="No parameters">
        <p>
          Those of models are kept by themselves. For your own:{' '}
          <code>run.log_param("lr", 0.01)</code>
        </p>
      </Empty>
    );
  }
  return (
    <>
      <div className="toolbar">
        <input
          type="search"
          placeholder="Find a parameter"
          aria-label="Find a parameter"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      <Pairs title="Parameters" values={params} find={find} />
      <Pairs title="Tags" values={tags} find={find} />
    </>
  );
}

function Pairs({
  title,
  values,
  find,
}: {
  title: string;
  values: Record<string, Json>;
  find: string;
}) {
  const wanted = find.trim().toLowerCase();
  const rows = Object.entries(values).filter(([key]) => key.toLowerCase().includes(wanted));
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <table className="pairs">
        <tbody>
          {rows.slice(0, 2000).map(([key, value]) => (
            <tr key={key}>
              <th scope="row">
                <Text text={key} length={90} />
              </th>
              <td className={isNumeric(value) ? 'right' : ''}>
                <Value value={value} length={300} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
