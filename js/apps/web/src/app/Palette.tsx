import { type KeyboardEvent, useState } from 'react';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { useDebounced } from '../data/useDebounced';
import { Dialog } from '../parts/Dialog';
import { Icon } from '../parts/Icon';
import { iconOfKind } from '../parts/icons';
import { Text } from '../parts/Text';
import { navigate } from '../router/location';
import { type Entry, entries } from './paletteEntries';

/** Search over everything, and the ways to the views; arrow keys, then Enter. */
export function Palette({ onClose }: { onClose: () => void }) {
  const project = useProject();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const asked = useDebounced(text.trim(), 120);
  const found = useAnswer(asked ? `search ${project.name} ${asked}` : null, (signal) =>
    project.search(asked, 20, signal),
  );
  const shown = entries(project.name, text, found.data?.nodes ?? []);
  const chosen = Math.min(at, shown.length - 1);

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    navigate(entry.to);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') open(shown[chosen]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Search" className="palette" onClose={onClose}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          autoFocus
          type="search"
          role="combobox"
          aria-label="Search files, models, datasets, runs"
          aria-expanded={shown.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={shown[chosen] ? `palette-${String(chosen)}` : undefined}
          aria-autocomplete="list"
          placeholder="A file, a model, a run, a digest …"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={pressed}
        />
      </div>
      <ul id="palette-list" role="listbox" aria-label="Found">
        {shown.map((entry, index) => (
          <li
            key={entry.to + entry.name}
            id={`palette-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            onMouseMove={() => setAt(index)}
            onClick={() => open(entry)}
          >
            <Icon name={entry.icon ?? iconOfKind(entry.kind)} size={15} />
            <Text text={entry.name} length={70} />
            <span className="faint">{entry.kind}</span>
          </li>
        ))}
      </ul>
      {found.error && <p className="problem">{found.error.message}</p>}
      {asked && found.data?.nodes.length === 0 && (
        <p className="faint palette-none">Nothing recorded is called that.</p>
      )}
    </Dialog>
  );
}
