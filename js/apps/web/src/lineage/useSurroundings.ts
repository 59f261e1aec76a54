import type { ApiError, ProjectApi } from '@whence/api-client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { NOWHERE, type Side, type Surroundings, merged } from './merge';
import type { Direction } from './url';

const MOST_NODES = 20_000;

export interface Walk {
  known: Surroundings;
  subjects: string[];
  loading: boolean;
  error: ApiError | null;
  expanding: string[];
  expand: (id: string, side: Side) => void;
  again: () => void;
}

interface Question {
  thing: string;
  direction: Direction;
  depth: number;
  columns: boolean;
}

/** The surroundings of a thing to a depth; `expand` follows one node one level further. */
export function useSurroundings(project: ProjectApi, asked: Question): Walk {
  const { thing, direction, depth, columns } = asked;
  const [known, setKnown] = useState<Surroundings>(NOWHERE);
  const [subjects, setSubjects] = useState<string[]>([]);
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [expanding, setExpanding] = useState<string[]>([]);
  const [turn, setTurn] = useState(0);
  const stop = useRef(new AbortController());

  const ask = useCallback(
    (id: string, side: Side, levels: number, signal: AbortSignal) => {
      const query = { depth: levels, limit: MOST_NODES };
      return side === 'up'
        ? project.trace(id, { ...query, ...(columns ? { columns } : {}) }, signal)
        : project.impact(id, query, signal);
    },
    [project, columns],
  );

  useEffect(() => {
    const mine = new AbortController();
    stop.current = mine;
    setError(null);
    setExpanding([]);
    setLoading(thing !== '');
    if (thing === '') return setKnown(NOWHERE);
    const sides: Side[] = direction === 'both' ? ['up', 'down'] : [direction];
    const answers = sides.map((side) => ask(thing, side, depth, mine.signal));
    Promise.all(answers).then(
      (found) => {
        if (mine.signal.aborted) return;
        let all = NOWHERE;
        found.forEach((answer, index) => {
          all = merged(all, answer, sides[index] ?? 'up', thing);
        });
        const named = found[0]?.query.subjects;
        setSubjects(Array.isArray(named) ? named.filter((id) => typeof id === 'string') : []);
        setKnown(all);
        setLoading(false);
      },
      (failure: unknown) => {
        if (mine.signal.aborted) return;
        setError(failure as ApiError);
        setLoading(false);
      },
    );
    return () => mine.abort();
  }, [thing, direction, depth, ask, turn]);

  const expand = useCallback(
    (id: string, side: Side) => {
      const { signal } = stop.current;
      setExpanding((before) => [...before, id]);
      ask(id, side, 1, signal)
        .then(
          (answer) => !signal.aborted && setKnown((before) => merged(before, answer, side, id)),
          (failure: unknown) => !signal.aborted && setError(failure as ApiError),
        )
        .finally(() => setExpanding((before) => before.filter((each) => each !== id)));
    },
    [ask],
  );
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { known, subjects, loading, error, expanding, expand, again };
}
