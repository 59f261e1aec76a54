import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { Changed, ProjectApi } from '@whence/api-client';

export type Liveness = 'off' | 'live' | 'polling';

export interface Feed {
  state: Liveness;
  subscribe: (changed: (runs: string[]) => void) => () => void;
}

const POLL_MS = 5000;
export const FeedContext = createContext<Feed>({ state: 'off', subscribe: () => () => undefined });

/** What happens in `project` as it happens; where the stream is broken, a knock every 5 seconds. */
export function useFeed(project: ProjectApi): Feed {
  const [state, setState] = useState<Liveness>('off');
  const listeners = useRef(new Set<(runs: string[]) => void>());

  useEffect(() => {
    const tell = (runs: string[]) => listeners.current.forEach((listener) => listener(runs));
    let timer: ReturnType<typeof setInterval> | undefined;
    const down = (isDown: boolean) => {
      setState(isDown ? 'polling' : 'live');
      clearInterval(timer);
      timer = isDown ? setInterval(() => tell([]), POLL_MS) : undefined;
    };
    const stop = project.listen((event: Changed) => tell(event.runs), down);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [project]);

  const subscribe = useRef((listener: (runs: string[]) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  });
  return { state, subscribe: subscribe.current };
}

/** Calls `changed` when one of `runs` changed, or anything where `runs` is null; once a second. */
export function useChanges(runs: readonly string[] | null, changed: () => void): void {
  const { subscribe } = useContext(FeedContext);
  const call = useRef(changed);
  call.current = changed;
  const wanted = runs?.join(' ') ?? null;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = subscribe((happened) => {
      const ours = wanted === null || happened.length === 0;
      if (!ours && !happened.some((run) => wanted.includes(run))) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        call.current();
      }, 1000);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [subscribe, wanted]);
}
