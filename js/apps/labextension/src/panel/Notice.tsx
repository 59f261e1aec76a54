import { useState } from 'react';
import { useHost } from './host';
import { plain } from './words';

/** Something went wrong, in the words of the server. */
export function Failure({ text, again }: { text: string; again?: () => void }) {
  return (
    <div className="whence-failure" role="alert">
      <span>{plain(text)}</span>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

const LINE = '%load_ext whence';

/** How to have this kernel recorded; nothing here runs anything. */
export function HowToAdd({ says, isFirst }: { says: string; isFirst: boolean }) {
  const host = useHost();
  const [said, setSaid] = useState('');
  const copy = () => {
    void navigator.clipboard.writeText(LINE).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not let a page copy: select the line instead.'),
    );
  };
  const insert = () => {
    host.insertFirst(LINE);
    setSaid('A new first cell holds the line. It has not run.');
  };
  return (
    <section className="whence-add" aria-label="Add Whence">
      <h3>{isFirst ? 'Nothing is recorded here yet' : 'This kernel records nothing'}</h3>
      <p>
        {isFirst
          ? 'Run this line in the notebook. From then on every cell that runs is recorded.'
          : 'Below is what an earlier session left. To record this one, run:'}
      </p>
      <pre>{LINE}</pre>
      <p className="whence-faint">{plain(says)}</p>
      <div className="whence-buttons">
        <button type="button" onClick={insert}>
          Insert as the first cell
        </button>
        <button type="button" onClick={copy}>
          Copy
        </button>
      </div>
      <p role="status">{said}</p>
    </section>
  );
}
