import { useCallback, useEffect, useState } from 'react';

interface Answer<Data> {
  readonly data: Data | null;
  readonly failure: string | null;
  readonly isAsking: boolean;
  again(): void;
}

/** The answer to a question that `key` names; a later question forgets an earlier one. */
export function useAnswer<Data>(key: string | null, ask: () => Promise<Data>): Answer<Data> {
  const [held, setHeld] = useState<{ key: string; data: Data | null; failure: string | null }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (key === null) return undefined;
    let isWanted = true;
    const take = (data: Data | null, failure: string | null): void => {
      if (isWanted) setHeld({ key, data, failure });
    };
    ask().then(
      (data) => take(data, null),
      (error: unknown) => take(null, error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isWanted = false;
    };
    // the key says all that the question depends on
  }, [key, turn]); // eslint-disable-line react-hooks/exhaustive-deps
  const again = useCallback(() => setTurn((was) => was + 1), []);
  const isCurrent = held !== undefined && held.key === key;
  return {
    data: held?.data ?? null,
    failure: isCurrent ? held.failure : null,
    isAsking: key !== null && !isCurrent,
    again,
  };
}
