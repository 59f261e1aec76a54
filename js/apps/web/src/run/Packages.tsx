import { useState } from 'react';
import { counted } from '../format/number';
import { valueText } from '../format/value';
import { Empty } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { Text } from '../parts/Text';
import { OfOuter } from './SixQuestions';
import type { Environment } from './sheet';

interface Props {
  environment: Environment;
  /** The surrounding run whose environment it is. */
  of: string | undefined;
}

/** The interpreter, the machine, and every package with its version. */
export function Packages({ environment, of }: Props) {
  const [find, setFind] = useState('');
  const names = Object.keys(environment.packages);
  if (names.length === 0) return <Empty icon="package" title="No packages were recorded" />;
  const wanted = find.trim().toLowerCase();
  const shown = names.filter((name) => name.toLowerCase().includes(wanted));
  return (
    <>
      <section>
        <h2>Environment {of !== undefined && <OfOuter name={of} />}</h2>
        <Facts
          facts={environment.facts.map(([key, value]) => [
            key.replaceAll('_', ' '),
            <Text key={key} text={valueText(value)} length={120} />,
          ])}
        />
      </section>
      <section>
        <h2>{counted(names.length, 'package')}</h2>
        <div className="toolbar">
          <input
            type="search"
            placeholder="Find a package"
            aria-label="Find a package"
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
        </div>
        <ul className="packages">
          {shown.map((name) => (
            <li key={name}>
              <Text text={name} length={60} />
              <code>
                <Text text={environment.packages[name] ?? ''} length={40} />
              </code>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
