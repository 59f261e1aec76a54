/** JupyterLab's theme, told once its colours are in the page. */

import type { Look, Watched } from '../panel/host';
import { Source } from './source';
import type { ThemeManager } from './types';

export function watchTheme(manager: ThemeManager | null): Watched<Look> {
  const read = (): Look => {
    const isLight = document.body.dataset['jpThemeLight'] !== 'false';
    return { theme: isLight ? 'light' : 'dark', name: document.body.dataset['jpThemeName'] ?? '' };
  };
  const source = new Source(read());
  manager?.themeChanged.connect(() => source.set(read()));
  return source;
}
