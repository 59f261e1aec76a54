/** The view's state: our own, told to the host, and taken over when the host gives another. */

import { useCallback, useEffect, useReducer, useRef, type Dispatch } from 'react';
import { viewToText } from '../interact/link';
import { reduced, type Action } from '../interact/reduce';
import type { LineageViewState } from '../types';

const TELL_MS = 200;

export function useView(
  given: LineageViewState | undefined,
  tell: ((view: LineageViewState) => void) | undefined,
  taken: (view: LineageViewState) => void,
): [LineageViewState, Dispatch<Action>] {
  const [view, dispatch] = useReducer(reduced, given ?? {});
  const told = useRef(viewToText(given ?? {}));
  const teller = useRef(tell);
  const taker = useRef(taken);
  useEffect(() => {
    teller.current = tell;
    taker.current = taken;
  });
  const givenText = given && viewToText(given);
  const latest = useRef(given);
  latest.current = given;
  useEffect(() => {
    if (givenText === undefined || givenText === told.current) return;
    told.current = givenText;
    dispatch({ type: 'replace', view: latest.current ?? {} });
    taker.current(latest.current ?? {});
  }, [givenText]);
  useEffect(() => {
    const text = viewToText(view);
    if (text === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = text;
      teller.current?.(view);
    }, TELL_MS);
    return () => clearTimeout(timer);
  }, [view]);
  return [view, useCallback((action: Action) => dispatch(action), [])];
}
