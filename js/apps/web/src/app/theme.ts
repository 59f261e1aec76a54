import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';
const KEY = 'whence-theme';
const heard = new Set<() => void>();
const system = window.matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : null;
  } catch {
    return null;
  }
}

function shown(): Theme {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  heard.forEach((tell) => tell());
}

system.addEventListener('change', () => {
  if (!stored()) show(system.matches ? 'dark' : 'light');
});

/** Shows the other theme, and keeps it where it is not the system's own. */
export function switchTheme(): void {
  const next = shown() === 'dark' ? 'light' : 'dark';
  try {
    if ((next === 'dark') === system.matches) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked: the choice holds until the page is loaded anew.
  }
  show(next);
}

/** The theme that is shown. */
export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    heard.add(tell);
    return () => void heard.delete(tell);
  }, shown);
}
