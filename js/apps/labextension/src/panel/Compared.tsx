import { headOf } from '../state/live';
import type { Compared as Answer, ComparedCell, Difference } from '../state/types';
import { Diff } from './Diff';
import { useHost } from './host';
import { counted, plain, valueText } from './words';

const WORDS: Readonly<Record<ComparedCell['change'], string>> = {
  changed: 'changed',
  added: 'only right',
  removed: 'only left',
  moved: 'ran at another place',
  same: 'the same',
};

/** What differs between two sessions or executions; what is the same is one line. */
export function Compared({ answer }: { answer: Answer }) {
  const cells = answer.cells.filter((cell) => cell.change !== 'same');
  const sections = answer.sections.filter((section) => section.differences.length > 0);
  const same = answer.cells.length - cells.length;
  return (
    <div className="whence-compared">
      {cells.length + sections.length === 0 && <p role="status">No difference was recorded.</p>}
      {sections.map((section) => (
        <section key={section.name} aria-label={section.name}>
          <h3>{plain(section.name)}</h3>
          <Differences of={section.differences} />
        </section>
      ))}
      {cells.map((cell) => (
        <Cell key={cell.id} cell={cell} />
      ))}
      {(answer.notes ?? []).map((note) => (
        <p key={note} className="whence-faint" role="note">
          {plain(note)}
        </p>
      ))}
      {same > 0 && <p className="whence-faint">{`${counted(same, 'cell')} the same`}</p>}
    </div>
  );
}

function Cell({ cell }: { cell: ComparedCell }) {
  const host = useHost();
  const first = cell.source_diff.split('\n').find((line) => /^[+\- ](?![+-]{2})/.test(line));
  return (
    <section aria-label={`Cell ${cell.id}`} className="whence-cell">
      <h3>
        <button type="button" className="whence-plain" onClick={() => host.go(cell.id)}>
          <code>{plain(headOf(first?.slice(1) ?? cell.id))}</code>
        </button>{' '}
        <span className={`whence-state is-${cell.change}`}>{WORDS[cell.change]}</span>
      </h3>
      {cell.source_diff && <Diff text={cell.source_diff} />}
      <Differences of={cell.differences} />
    </section>
  );
}

function Differences({ of }: { of: readonly Difference[] }) {
  if (of.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Left</th>
          <th scope="col">Right</th>
        </tr>
      </thead>
      <tbody>
        {of.map((one, i) => (
          <tr key={i}>
            <th scope="row">{plain(one.key)}</th>
            <td>{valueText(one.left)}</td>
            <td>{valueText(one.right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
