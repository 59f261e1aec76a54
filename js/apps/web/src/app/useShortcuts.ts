import { useEffect, useRef } from 'react';
import { address } from '../router/address';
import { navigate } from '../router/location';

export const SHORTCUTS: [keys: string[], does: string][] = [
  [['/'], 'Search everything'],
  [['Ctrl', 'K'], 'Search everything, also while typing'],
  [['g', 'r'], 'Go to the runs'],
  [['g', 'l'], 'Go to the lineage'],
  [['g', 'i'], 'Go to the impact'],
  [['g', 'c'], 'Go to the comparison'],
  [['f'], 'Filter the runs'],
  [['j'], 'Next run in the table (k: the one before)'],
  [['x'], 'Choose the run, to compare it'],
  [['Enter'], 'Open the run'],
  [['c'], 'Compare the chosen runs'],
  [['?'], 'This help'],
];

interface Actions {
  search: () => void;
  help: () => void;
}

/** The keys that work in every view; none of them while a person types in a field. */
export function useShortcuts(project: string, actions: Actions): void {
  const call = useRef(actions);
  call.current = actions;
  useEffect(() => {
    let going = -Infinity;
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return call.current.search();
      }
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const places: Record<string, string> = {
        r: address.runs(project),
        l: address.lineage(project),
        i: address.impact(project),
        c: address.compare(project, []),
      };
      const place = places[event.key];
      if (going > event.timeStamp - 1200 && place) {
        going = -Infinity;
        event.preventDefault();
        event.stopImmediatePropagation();
        return navigate(place);
      }
      if (event.key === 'g') going = event.timeStamp;
      else if (event.key === '?') call.current.help();
      else if (event.key === '/') {
        event.preventDefault();
        call.current.search();
      }
    };
    document.addEventListener('keydown', pressed, true);
    return () => document.removeEventListener('keydown', pressed, true);
  }, [project]);
}

/** Whether a key belongs to a field, or to a dialog that is open. */
export function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement | null;
  if (!at || document.querySelector('dialog[open]')) return true;
  if (at instanceof HTMLInputElement) return !['checkbox', 'radio'].includes(at.type);
  return at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName);
}
