/** What a key asks for. */

import type { Direction } from '../types';
import type { Step } from './walk';

export type Command =
  | { readonly do: 'walk' | 'pan'; readonly step: Step }
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'toggle'; readonly side: Direction }
  | { readonly do: 'fit' | 'open' | 'inside' | 'light' | 'clear' | 'home' | 'search' }
  | { readonly do: 'find'; readonly by: 1 | -1 };

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const KEYS: Readonly<Record<string, Command>> = {
  '+': { do: 'zoom', factor: 1.25 },
  '=': { do: 'zoom', factor: 1.25 },
  '-': { do: 'zoom', factor: 0.8 },
  '0': { do: 'fit' },
  '[': { do: 'toggle', side: 'up' },
  ']': { do: 'toggle', side: 'down' },
  Enter: { do: 'open' },
  ' ': { do: 'inside' },
  f: { do: 'light' },
  Escape: { do: 'clear' },
  Home: { do: 'home' },
  '/': { do: 'search' },
  n: { do: 'find', by: 1 },
  N: { do: 'find', by: -1 },
};

interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Keys with Ctrl, Alt or Meta belong to the browser. */
export function commandOf(press: Press, hasSelection: boolean): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const step = Object.hasOwn(STEPS, press.key) ? STEPS[press.key]! : null;
  if (step) return { do: press.shiftKey || !hasSelection ? 'pan' : 'walk', step };
  return Object.hasOwn(KEYS, press.key) ? KEYS[press.key]! : null;
}
