import { ApiError, type ProjectApi } from '@whence/api-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useChanges } from '../data/live';
import { firstRuns } from './early';
import { type Loaded, NOTHING, PAGE, type Page, pagesOf, put, renewed } from './pages';

export interface Runs {
  loaded: Loaded;
  loading: boolean;
  error: ApiError | null;
  need: (first: number, last: number) => void;
  again: () => void;
}

/** What is asked for: a request for each page, which ends when the page is out of sight. */
type Asked = Map<number, AbortController>;

/** The runs that a filter lets through, in an order; `need` has the rows loaded that it is told. */
export function useRuns(project: ProjectApi, filter: string, order: string | undefined): Runs {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  const now = useRef({ loaded, first: 0, last: 0, ready: false });
  const asked = useRef<Asked>(new Map());

  const ask = useCallback(
    (page: number, total: boolean, signal: AbortSignal): Promise<Page> =>
      project.runs(
        { filter, ...(order ? { order_by: order } : {}), limit: PAGE, offset: page * PAGE, total },
        signal,
      ),
    [project, filter, order],
  );

  const show = useCallback((next: Loaded) => {
    now.current.loaded = next;
    setLoaded(next);
  }, []);

  const load = useCallback(() => {
    const { first, last, ready } = now.current;
    const wanted = pagesOf(first, last);
    for (const [page, stop] of asked.current) {
      if (wanted.includes(page)) continue;
      stop.abort();
      asked.current.delete(page);
    }
    if (!ready) return;
    for (const page of wanted) {
      if (now.current.loaded.pages.has(page) || asked.current.has(page)) continue;
      const stop = new AbortController();
      asked.current.set(page, stop);
      ask(page, false, stop.signal)
        .then(
          (found) => !stop.signal.aborted && show(put(now.current.loaded, page, found)),
          (failure: unknown) => !stop.signal.aborted && setError(asApiError(failure)),
        )
        .finally(() => asked.current.get(page) === stop && asked.current.delete(page));
    }
  }, [ask, show]);

  useEffect(() => {
    const stop = new AbortController();
    const requests = asked.current;
    now.current.ready = false;
    setLoading(true);
    const early = turn === 0 ? firstRuns(project.name, filter, order) : undefined;
    (early ?? ask(0, true, stop.signal)).then(
      (page) => {
        if (stop.signal.aborted) return;
        now.current.ready = true;
        show(put(NOTHING, 0, page));
        setError(null);
        setLoading(false);
        load();
      },
      (failure: unknown) => {
        if (stop.signal.aborted) return;
        setError(asApiError(failure));
        setLoading(false);
      },
    );
    return () => {
      stop.abort();
      requests.forEach((each) => each.abort());
      requests.clear();
    };
  }, [ask, load, show, project, filter, order, turn]);

  const refresh = useRefresh(ask, now, show, loading);
  useChanges(null, refresh);

  const need = useCallback(
    (first: number, last: number) => {
      now.current.first = first;
      now.current.last = last;
      load();
    },
    [load],
  );
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { loaded, loading, error, need, again };
}

/**
 * What asks for the pages in sight once more. Where it is called while an answer is on its way, they
 * are asked for after that: it may be older than what changed.
 */
function useRefresh(
  ask: (page: number, total: boolean, signal: AbortSignal) => Promise<Page>,
  now: { current: { loaded: Loaded; first: number; last: number; ready: boolean } },
  show: (loaded: Loaded) => void,
  loading: boolean,
): () => void {
  const running = useRef<AbortController | null>(null);
  const isStale = useRef(false);
  useEffect(
    () => () => {
      running.current?.abort();
      running.current = null;
      isStale.current = false;
    },
    [ask],
  );
  const refresh = useCallback(() => {
    if (!now.current.ready || running.current) {
      isStale.current = true;
      return;
    }
    const stop = new AbortController();
    running.current = stop;
    isStale.current = false;
    const pages = pagesOf(now.current.first, now.current.last);
    const one = async (page: number): Promise<[number, Page]> => {
      return [page, await ask(page, page === pages[0], stop.signal)];
    };
    Promise.all(pages.map(one))
      .then(
        (found) => !stop.signal.aborted && show(renewed(now.current.loaded, new Map(found))),
        () => undefined,
      )
      .finally(() => {
        if (running.current !== stop) return;
        running.current = null;
        if (isStale.current) latest.current();
      });
  }, [ask, now, show]);
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (!loading && isStale.current) latest.current();
  }, [loading]);
  return refresh;
}

function asApiError(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  return new ApiError(0, 'page', 'The page failed', String(failure));
}
