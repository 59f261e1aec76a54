import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { ApiError, type Changed, type ProjectApi } from '@whence/api-client';
import { server } from './server';

export type Liveness = 'off' | 'live' | 'polling' | 'gone';

export interface Feed {
  state: Liveness;
  subscribe: (changed: (runs: string[]) => void) => () => void;
}

const POLL_MS = 5000;
export const FeedContext = createContext<Feed>({ state: 'off', subscribe: () => () => undefined });

/**
 * What happens in `project` as it happens; where the stream is broken, a knock every 5 seconds.
 *
 * A server that does not answer at all is gone; once it answers, the stream begins anew.
 */
export function useFeed(project: ProjectApi): Feed {
  const [state, setState] = useState<Liveness>('off');
  const [turn, setTurn] = useState(0);
  const listeners = useRef(new Set<(runs: string[]) => void>());

  useEffect(() => {
    const tell = (runs: string[]) => listeners.current.forEach((listener) => listener(runs));
    const mine = new AbortController();
    let timer: ReturnType<typeof setInterval> | undefined;
    let isGone = false;
    const knock = async () => {
      const gone = await isUnreachable(mine.signal);
      if (mine.signal.aborted || timer === undefined) return;
      if (!gone) tell([]);
      if (isGone && !gone) return setTurn((count) => count + 1);
      isGone = gone;
      setState(gone ? 'gone' : 'polling');
    };
    const down = (isDown: boolean) => {
      clearInterval(timer);
      timer = isDown ? setInterval(() => void knock(), POLL_MS) : undefined;
      if (isDown) void knock();
      else setState('live');
    };
    const stop = project.listen((event: Changed) => tell(event.runs), down);
    return () => {
      stop();
      mine.abort();
      clearInterval(timer);
    };
  }, [project, turn]);

  const subscribe = useRef((listener: (runs: string[]) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  });
  return { state, subscribe: subscribe.current };
}

async function isUnreachable(signal: AbortSignal): Promise<boolean> {
  try {
    await server.facts(signal);
    return false;
  } catch (error) {
    return error instanceof ApiError && error.status === 0;
  }
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
