/** The colours of the theme, with the page's own CSS variables, kept in step with both. */

import { useLayoutEffect, useState, type RefObject } from 'react';
import { isDark, paletteOf, type Palette } from '../draw/theme';
import type { Theme } from '../types';

export function usePalette(element: RefObject<HTMLElement>, theme: Theme): Palette {
  const [palette, setPalette] = useState(() => paletteOf(isDark(theme)));
  useLayoutEffect(() => {
    const read = (): void => {
      const style = element.current ? getComputedStyle(element.current) : null;
      setPalette(paletteOf(isDark(theme), (name) => style?.getPropertyValue(name) ?? ''));
    };
    read();
    if (typeof matchMedia !== 'function') return undefined;
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }, [element, theme]);
  return palette;
}
