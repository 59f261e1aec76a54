import type { ColumnUse } from '@whence/api-client';
import { useState } from 'react';
import { Text } from '../parts/Text';
import { Site } from './Site';
import { foundColumns, nameOfSource, siteOf } from './groups';

const AT_FIRST = 100;

/** What each column that was read was for. */
export function ColumnTable({ columns }: { columns: ColumnUse[] }) {
  const [find, setFind] = useState('');
  const [most, setMost] = useState(AT_FIRST);
  const shown = foundColumns(columns, find);
  return (
    <section>
      <h2>What each column was for</h2>
      <div className="toolbar">
        <input
          type="search"
          placeholder="Find a column"
          aria-label="Find a column"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <span className="faint" role="status">
          {shown.length} of {columns.length}
        </span>
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="What each column was for">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Was</th>
              <th scope="col">Of</th>
              <th scope="col">For</th>
              <th scope="col">Known</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((one, index) => (
              <tr key={index}>
                <th scope="row">
                  <Text text={one.column} length={60} />
                </th>
                <td>
                  <span className={`chip use-${one.use}`}>{one.use}</span>
                </td>
                <td>
                  <Text text={nameOfSource(one.source)} length={60} />
                </td>
                <td>
                  {one.sinks.length === 0 && <span className="faint">–</span>}
                  {one.sinks.slice(0, 3).map((sink) => (
                    <Site key={siteOf(sink) + sink.call} call={sink} />
                  ))}
                  {one.sinks.length > 3 && (
                    <span className="faint"> and {one.sinks.length - 3} more</span>
                  )}
                </td>
                <td>
                  <i className={`line line-${one.known}`} /> {one.known}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length > most && (
        <button type="button" onClick={() => setMost(shown.length)}>
          Show all {shown.length}
        </button>
      )}
    </section>
  );
}
