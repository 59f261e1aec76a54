/** The small map: a press or a drag goes there. */

import { useEffect, useRef, type PointerEvent, type ReactNode } from 'react';
import type { Stage } from './stage';

export function MiniMap({ stage }: { readonly stage: Stage }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    stage.setMap(canvas.current);
    return () => stage.setMap(null);
  }, [stage]);
  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    stage.goToMap(event.clientX - box.left, event.clientY - box.top);
  };
  return (
    <div className="wl-panel wl-map" aria-hidden="true">
      <canvas ref={canvas} onPointerDown={go} onPointerMove={go} />
    </div>
  );
}
