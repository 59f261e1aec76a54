import { useState } from 'react';
import { Icon } from './Icon';

/** Copies `text`; says for a moment that it did. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), 1200);
    });
  };
  const label = done ? 'Copied' : `Copy ${what}`;
  return (
    <button type="button" className="quiet tiny" onClick={copy} aria-label={label} title={label}>
      <Icon name={done ? 'check' : 'copy'} size={13} />
    </button>
  );
}
