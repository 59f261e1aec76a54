import type { ApiError, ProjectApi } from '@whence/api-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useChanges } from '../data/live';
import { type Loaded, NOTHING, joined, missing, renewed } from './pages';

export interface Runs {
  loaded: Loaded;
  loading: boolean;
  error: ApiError | null;
  need: (last: number) => void;
  again: () => void;
}

/** The runs that a filter lets through, in an order; `need` loads on to the row it is told. */
export function useRuns(project: ProjectApi, filter: string, order: string | undefined): Runs {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  const now = useRef({ loaded, busy: false, wanted: 0 });
  const stop = useRef(new AbortController());

  const ask = useCallback(
    (cursor: string | null, limit: number, signal: AbortSignal) =>
      project.runs(
        { filter, ...(order ? { order_by: order } : {}), limit, cursor, total: cursor === null },
        signal,
      ),
    [project, filter, order],
  );

  const put = useCallback((next: Loaded) => {
    now.current.loaded = next;
    setLoaded(next);
  }, []);

  const advance = useCallback(async () => {
    const state = now.current;
    const { signal } = stop.current;
    if (state.busy) return;
    state.busy = true;
    try {
      for (;;) {
        const count = missing(state.loaded, state.wanted);
        if (count === 0 || signal.aborted) break;
        const page = await ask(state.loaded.next, count, signal);
        put(joined(state.loaded, page));
      }
    } catch (failure) {
      if (!signal.aborted) setError(failure as ApiError);
    } finally {
      if (!signal.aborted) state.busy = false;
    }
  }, [ask, put]);

  useEffect(() => {
    const mine = new AbortController();
    stop.current = mine;
    now.current.busy = true;
    now.current.wanted = 0;
    setLoading(true);
    ask(null, 100, mine.signal).then(
      (page) => {
        if (mine.signal.aborted) return;
        now.current.busy = false;
        put(joined(NOTHING, page));
        setError(null);
        setLoading(false);
      },
      (failure: unknown) => {
        if (mine.signal.aborted) return;
        now.current.busy = false;
        setError(failure as ApiError);
        setLoading(false);
      },
    );
    return () => mine.abort();
  }, [ask, put, turn]);

  useChanges(null, () => {
    const { signal } = stop.current;
    if (now.current.busy) return;
    ask(null, 100, signal).then(
      (page) => !signal.aborted && put(renewed(now.current.loaded, joined(NOTHING, page))),
      () => undefined,
    );
  });

  const need = useCallback(
    (last: number) => {
      now.current.wanted = last;
      void advance();
    },
    [advance],
  );
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { loaded, loading, error, need, again };
}
