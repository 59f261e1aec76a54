import { useEffect } from 'react';
import { visible } from '../format/text';

/** The title of the browser's tab while a view is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${visible(title).slice(0, 100)} · Whence`;
  }, [title]);
}
