/** What an action makes of the view: a pure function, so that every state fits into a link. */

import type { Camera, Direction, LineageViewState } from '../types';

export type Action =
  | { readonly type: 'select'; readonly id: string | null }
  | { readonly type: 'light'; readonly id: string | null }
  | { readonly type: 'collapse' | 'reopen'; readonly id: string; readonly side: Direction }
  | { readonly type: 'open' | 'shut'; readonly id: string }
  | { readonly type: 'kind'; readonly kind: string }
  | { readonly type: 'search'; readonly text: string }
  | { readonly type: 'camera'; readonly camera: Camera }
  | { readonly type: 'replace'; readonly view: LineageViewState };

export function reduced(view: LineageViewState, action: Action): LineageViewState {
  switch (action.type) {
    case 'select':
      return put(view, 'selected', action.id);
    case 'light':
      return put(view, 'lit', action.id === view.lit ? null : action.id);
    case 'collapse': {
      const { id, side } = action;
      return put(view, 'collapsed', [...without(view, action), { id, side }]);
    }
    case 'reopen':
      return put(view, 'collapsed', without(view, action));
    case 'open':
      return put(
        put(view, 'shut', minus(view.shut, action.id)),
        'open',
        plus(view.open, action.id),
      );
    case 'shut':
      return put(
        put(view, 'open', minus(view.open, action.id)),
        'shut',
        plus(view.shut, action.id),
      );
    case 'kind': {
      const isHidden = view.hidden?.includes(action.kind);
      return put(view, 'hidden', (isHidden ? minus : plus)(view.hidden, action.kind));
    }
    case 'search':
      return put(view, 'search', action.text);
    case 'camera':
      return put(view, 'camera', action.camera);
    default:
      return action.view;
  }
}

/** Sets a field, or takes it away where the value is empty. */
function put<K extends keyof LineageViewState>(
  view: LineageViewState,
  key: K,
  value: LineageViewState[K] | null,
): LineageViewState {
  const rest = Object.fromEntries(Object.entries(view).filter(([name]) => name !== key));
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? rest : { ...rest, [key]: value };
}

const without = (
  view: LineageViewState,
  { id, side }: { readonly id: string; readonly side: Direction },
): NonNullable<LineageViewState['collapsed']> =>
  (view.collapsed ?? []).filter((one) => one.id !== id || one.side !== side);

const plus = (ids: readonly string[] = [], id: string): readonly string[] => [
  ...minus(ids, id),
  id,
];
const minus = (ids: readonly string[] = [], id: string): readonly string[] =>
  ids.filter((one) => one !== id);
