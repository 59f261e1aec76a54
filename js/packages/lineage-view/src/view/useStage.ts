/** Ties a stage to its canvas: size, motion, and the layout of each new scene. */

import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Size } from '../interact/camera';
import { layoutInput } from '../layout/input';
import { LayoutRunner } from '../layout/runner';
import type { Scene } from '../model/scene';
import { Places } from './places';
import { Stage } from './stage';

interface Held {
  readonly stage: Stage | null;
  readonly size: Size;
  /** The scene that is on the canvas: the newest whose layout is done. */
  readonly shown: Scene | null;
}

/** `anchor` names the thing whose place must not change on the screen. */
export function useStage(
  canvas: RefObject<HTMLCanvasElement>,
  scene: Scene,
  anchor: RefObject<string | null>,
  prepare: (stage: Stage) => void,
): Held {
  const [stage, setStage] = useState<Stage | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [shown, setShown] = useState<Scene | null>(null);
  const runner = useRef<LayoutRunner | null>(null);
  const first = useRef(prepare);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const made = new Stage(element);
    first.current(made);
    setStage(made);
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) return; // hidden for now: what is in view stays in view
      made.resize(width, height);
      setSize({ width, height });
    };
    measure();
    const observer = typeof ResizeObserver === 'function' ? new ResizeObserver(measure) : null;
    observer?.observe(element);
    const motion =
      typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;
    const calm = (): void => void (made.calm = motion?.matches ?? false);
    calm();
    motion?.addEventListener('change', calm);
    return () => {
      observer?.disconnect();
      motion?.removeEventListener('change', calm);
      made.close();
    };
  }, [canvas]);

  useEffect(
    () => () => {
      runner.current?.close();
      runner.current = null;
    },
    [],
  );

  useEffect(() => {
    if (!stage) return;
    const before = stage.places;
    const top = (id: string): number | undefined => {
      const box = before?.boxOf(id) ?? -1;
      return box < 0 ? undefined : before?.layout.y[box];
    };
    runner.current ??= new LayoutRunner();
    runner.current.run(layoutInput(scene, top), (layout) => {
      stage.show(new Places(scene, layout, stage.places, anchor.current), anchor.current);
      setShown(scene);
    });
  }, [stage, scene, anchor]);

  return { stage, size, shown };
}
