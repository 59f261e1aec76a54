/** Drags, pinches, wheels and clicks on an element, told as moves of the camera and as clicks. */

export interface PointerCalls {
  pan(dx: number, dy: number): void;
  zoom(factor: number, px: number, py: number): void;
  hover(px: number, py: number): void;
  leave(): void;
  click(px: number, py: number): void;
  doubleClick(px: number, py: number): void;
  grab(held: boolean): void;
}

const CLICK_SLACK = 5;

/** Listens until the returned function is called. */
export function watchPointer(element: HTMLElement, calls: PointerCalls): () => void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 1) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, place(event));
    element.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const at = place(event);
    const was = down.get(event.pointerId);
    if (!was) {
      calls.hover(at.x, at.y);
      return;
    }
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(at.x - was.x, at.y - was.y);
    down.set(event.pointerId, at);
    if (other) pinch(calls, was, at, other);
    else if (moved > CLICK_SLACK) {
      calls.grab(true);
      calls.pan(at.x - was.x, at.y - was.y);
    }
  };
  const onUp = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId) || down.size > 0) return;
    calls.grab(false);
    const at = place(event);
    if (event.type === 'pointerup' && moved <= CLICK_SLACK) calls.click(at.x, at.y);
  };
  const onDouble = (event: MouseEvent): void => calls.doubleClick(place(event).x, place(event).y);
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const at = place(event);
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const dx = event.shiftKey && !event.deltaX ? event.deltaY : event.deltaX;
      calls.pan(-dx * unit, event.shiftKey ? 0 : -event.deltaY * unit);
      return;
    }
    const turn = Math.max(-160, Math.min(160, event.deltaY * unit));
    calls.zoom(Math.exp(-turn * (event.ctrlKey ? 0.01 : 0.0022)), at.x, at.y);
  };
  const onLeave = (): void => calls.leave();
  const listeners: [string, (event: never) => void][] = [
    ['pointerdown', onDown],
    ['pointermove', onMove],
    ['pointerup', onUp],
    ['pointercancel', onUp],
    ['pointerleave', onLeave],
    ['dblclick', onDouble],
    ['wheel', onWheel],
  ];
  for (const [name, listener] of listeners) {
    element.addEventListener(name, listener as EventListener, { passive: false });
  }
  return () => {
    for (const [name, listener] of listeners)
      element.removeEventListener(name, listener as EventListener);
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function pinch(calls: PointerCalls, was: Point, at: Point, other: Point): void {
  const before = Math.hypot(was.x - other.x, was.y - other.y);
  const after = Math.hypot(at.x - other.x, at.y - other.y);
  const [px, py] = [(at.x + other.x) / 2, (at.y + other.y) / 2];
  calls.pan((at.x - was.x) / 2, (at.y - was.y) / 2);
  if (before > 1 && after > 1) calls.zoom(after / before, px, py);
}
