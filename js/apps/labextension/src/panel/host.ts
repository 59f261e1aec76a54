/** What the panel may ask of the page that it stands in. */

import { createContext, useContext } from 'react';
import type { Api } from '../state/api';
import type { Feed } from '../state/feed';

export type Place = 'side' | 'below';

export interface Look {
  readonly theme: 'light' | 'dark';
  readonly name: string;
}

/** A value that changes, and those who want to hear of it. */
export interface Watched<Value> {
  get(): Value;
  subscribe(tell: () => void): () => void;
}

export interface Host {
  readonly feed: Feed;
  readonly api: Api;
  readonly look: Watched<Look>;
  /** Where the full page answers, as the settings say; empty where they do not. */
  readonly page: Watched<string>;
  readonly place: Watched<Place>;
  /** Puts the panel where it is not: beside the notebook or below it. */
  move(): void;
  /** Brings a cell into view and selects it. */
  go(cell: string): void;
  /** Puts a new cell with this text first in the notebook; nothing runs. */
  insertFirst(text: string): void;
}

const HostContext = createContext<Host | null>(null);
export const HostProvider = HostContext.Provider;

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('The panel has no host');
  return host;
}
