import { useEffect, useRef } from 'react';
import { isTyping } from '../app/useShortcuts';

interface Keys {
  at: number;
  count: number;
  move: (index: number) => void;
  toggle: (index: number) => void;
  open: (index: number) => void;
}

/** j and k walk through the rows, x chooses one, Enter opens it. */
export function useTableKeys(keys: Keys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const { at, count, move, toggle, open } = now.current;
      const onControl = (event.target as HTMLElement).closest('a, button') !== null;
      if (event.key === 'j' && count > 0) move(Math.min(at + 1, count - 1));
      else if (event.key === 'k' && count > 0) move(Math.max(at - 1, 0));
      else if (event.key === 'x' && at >= 0) toggle(at);
      else if (event.key === 'Enter' && at >= 0 && !onControl) open(at);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
