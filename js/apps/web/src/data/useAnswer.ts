import { ApiError } from '@whence/api-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { cache } from './cache';
import { taken } from './early';

export interface Asked<T> {
  data: T | undefined;
  error: ApiError | null;
  loading: boolean;
  again: () => void;
}

interface State {
  key: string | null;
  data: unknown;
  error: ApiError | null;
}

/**
 * The answer to the question that `key` names; asked anew when the key changes or `again` is called.
 *
 * What was answered before stands until the new answer is there. With a key of null nothing is asked.
 */
export function useAnswer<T>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<T>,
): Asked<T> {
  const [state, setState] = useState<State>({ key: null, data: undefined, error: null });
  const [turn, setTurn] = useState(0);
  const asker = useRef(ask);
  asker.current = ask;

  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    (taken<T>(key) ?? asker.current(stop.signal)).then(
      (data) => {
        if (stop.signal.aborted) return;
        cache.set(key, data);
        setState({ key, data, error: null });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setState({ key, data: cache.get(key), error: asApiError(error) });
      },
    );
    return () => stop.abort();
  }, [key, turn]);

  const again = useCallback(() => setTurn((count) => count + 1), []);
  const settled = key === null || state.key === key;
  const data = settled ? state.data : cache.get(key);
  return {
    data: key === null ? undefined : (data as T | undefined),
    error: settled ? state.error : null,
    loading: !settled && data === undefined,
    again,
  };
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'page', 'The page failed', error instanceof Error ? error.message : '');
}
