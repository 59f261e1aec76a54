import type { LineageGraph, LineageNode } from '@whence/lineage-view';
import { cellOf, homeOf } from '../flow/shown';
import { useHost } from './host';
import { plain, valueText } from './words';

const MOST_COLUMNS = 40;
const SHOWN: readonly (readonly [string, string])[] = [
  ['summary', 'Value'],
  ['shape', 'Shape'],
  ['type', 'Type'],
  ['state', 'State'],
  ['error', 'Error'],
  ['message', 'Message'],
];

/** What is selected in the drawing: its columns, its values in short, where it is. */
export function Thing({ node, graph }: { node: LineageNode; graph: LineageGraph }) {
  const host = useHost();
  const cell = homeOf(graph, node.id);
  const { columns } = node.attributes;
  const facts = SHOWN.flatMap(([key, title]) => {
    const value = node.attributes[key];
    return value === undefined || value === null || value === '' ? [] : [[title, value] as const];
  });
  return (
    <section className="whence-thing" aria-label="The selected thing">
      <h3>
        <bdi>{plain(node.name)}</bdi> <small>{plain(node.kind)}</small>
      </h3>
      <dl>
        {facts.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{typeof value === 'object' ? <Values of={value} /> : valueText(value)}</dd>
          </div>
        ))}
        {node.places.slice(0, 2).map((place) => (
          <div key={place}>
            <dt>Place</dt>
            <dd>{plain(place)}</dd>
          </div>
        ))}
        {Array.isArray(columns) && columns.length > 0 && (
          <div>
            <dt>Columns</dt>
            <dd>
              <ul className="whence-columns">
                {columns.slice(0, MOST_COLUMNS).map((name, i) => (
                  <li key={i}>{valueText(name)}</li>
                ))}
                {columns.length > MOST_COLUMNS && (
                  <li>{`and ${columns.length - MOST_COLUMNS} more`}</li>
                )}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      {cell !== null && cellOf(node) !== null && (
        <button type="button" onClick={() => host.go(cell)}>
          Go to its cell
        </button>
      )}
    </section>
  );
}

function Values({ of }: { of: object }) {
  if (Array.isArray(of)) return <>{of.map(valueText).join(' × ')}</>;
  return (
    <table>
      <tbody>
        {Object.entries(of).map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{plain(key)}</th>
            <td>{valueText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
