import { useEffect } from 'react';
import { isTyping } from '../app/useShortcuts';
import { useProject } from '../data/project';
import { counted } from '../format/number';
import { Icon } from '../parts/Icon';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { navigate } from '../router/location';

export const MOST_COMPARED = 20;

/** What can be done with the runs that are chosen. */
export function SelectionBar({ chosen, onClear }: { chosen: string[]; onClear: () => void }) {
  const project = useProject().name;
  const count = chosen.length;
  const can = count >= 2 && count <= MOST_COMPARED;
  const to = address.compare(project, chosen);
  useEffect(() => {
    if (!can) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'c' && !event.ctrlKey && !event.metaKey && !isTyping(event)) navigate(to);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [can, to]);
  if (count === 0) return null;
  return (
    <div className="selection" role="region" aria-label="Chosen runs">
      <span>{counted(count, 'run')} chosen</span>
      {can ? (
        <Link to={to} className="button primary">
          <Icon name="compare" size={14} /> Compare
        </Link>
      ) : (
        <span className="faint">
          {count < 2
            ? 'Choose another to compare'
            : `At most ${String(MOST_COMPARED)} can be compared`}
        </span>
      )}
      <button type="button" className="quiet" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
