/** What clicks and keys do, given what is on the screen now. */

import type { Dispatch, RefObject } from 'react';
import type { Handle } from '../draw/handles';
import type { Hit } from '../interact/hit';
import type { Command } from '../interact/keys';
import type { Action } from '../interact/reduce';
import { nextBox, type Step } from '../interact/walk';
import type { Scene } from '../model/scene';
import type { LineageViewProps, LineageViewState } from '../types';
import type { Stage } from './stage';

interface Now {
  readonly stage: Stage | null;
  readonly scene: Scene;
  readonly props: LineageViewProps;
  readonly view: LineageViewState;
  readonly found: readonly number[];
  readonly focus: readonly string[];
  readonly dispatch: Dispatch<Action>;
  readonly anchor: { current: string | null };
  readonly field: RefObject<HTMLInputElement>;
}

export interface Actions {
  readonly hasSelection: boolean;
  click(hit: Hit): void;
  openHit(hit: Hit): void;
  command(command: Command): void;
  find(step: 1 | -1): void;
}

const PAN_STEP = 80;
const PANS: Readonly<Record<Step, readonly [number, number]>> = {
  left: [PAN_STEP, 0],
  right: [-PAN_STEP, 0],
  up: [0, PAN_STEP],
  down: [0, -PAN_STEP],
};

export function actions(now: Now): Actions {
  const { stage, scene, props, view, dispatch } = now;
  const selectedNode =
    view.selected === undefined ? -1 : (scene.graph.index.get(view.selected) ?? -1);
  const selected = selectedNode < 0 ? -1 : scene.boxOf[selectedNode]!;

  const select = (id: string | null, reveal = false): void => {
    dispatch({ type: 'select', id });
    props.onSelect?.(id);
    now.anchor.current = id;
    const v = id === null ? undefined : scene.graph.index.get(id);
    if (reveal && v !== undefined) stage?.reveal(scene.boxOf[v]!);
  };

  const press = (box: number, handle: Handle): void => {
    const { id, rows, kind } = scene.boxes[box]!;
    now.anchor.current = id;
    if (handle.act === 'inside') {
      const isOpen = kind === 'frame' || rows.length > 0;
      dispatch({ type: isOpen ? 'shut' : 'open', id });
    } else if (handle.side && handle.act === 'expand') props.onExpand?.(id, handle.side);
    else if (handle.side) {
      dispatch({ type: handle.act === 'collapse' ? 'collapse' : 'reopen', id, side: handle.side });
    }
  };

  const pressAt = (box: number, wanted: (handle: Handle) => boolean): void => {
    const handle = box < 0 ? undefined : stage?.look()?.handles(box).find(wanted);
    if (handle) press(box, handle);
  };

  const find = (step: 1 | -1): void => {
    const { found } = now;
    if (found.length === 0) return;
    const at = found.indexOf(selectedNode);
    const next =
      at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length;
    select(scene.graph.nodes[found[next]!]!.id, true);
  };

  const walk = (step: Step): void => {
    const layout = stage?.places?.layout;
    const next = layout && selected >= 0 ? nextBox(scene, layout, selected, step) : -1;
    if (next >= 0) select(scene.boxes[next]!.id, true);
  };

  const home = (): void => {
    const first = now.focus.find((id) => scene.graph.index.has(id)) ?? scene.boxes[0]?.id;
    if (first !== undefined) select(first, true);
  };

  const command = (asked: Command): void => {
    switch (asked.do) {
      case 'walk':
        return walk(asked.step);
      case 'pan':
        return stage?.pan(...PANS[asked.step]);
      case 'zoom':
        return stage?.zoom(asked.factor);
      case 'find':
        return find(asked.by);
      case 'toggle':
        return pressAt(selected, (one) => one.side === asked.side);
      case 'inside':
        return selected < 0 ? home() : pressAt(selected, (one) => one.act === 'inside');
      case 'fit':
        return stage?.fit();
      case 'home':
        return home();
      case 'search':
        return now.field.current?.focus();
      case 'open':
        return view.selected === undefined ? home() : props.onOpen?.(view.selected);
      case 'light':
        return dispatch({
          type: 'light',
          id: view.lit === undefined ? (view.selected ?? null) : null,
        });
      case 'clear':
        return view.lit === undefined ? select(null) : dispatch({ type: 'light', id: null });
    }
  };

  return {
    hasSelection: selected >= 0,
    command,
    find,
    click: (hit) => {
      if (hit.handle) press(hit.box, hit.handle);
      else if (hit.link < 0) select(hit.node < 0 ? null : scene.graph.nodes[hit.node]!.id);
    },
    openHit: (hit) => {
      if (!hit.handle && hit.node >= 0) props.onOpen?.(scene.graph.nodes[hit.node]!.id);
    },
  };
}
