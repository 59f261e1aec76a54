import { useRef } from 'react';
import { linearScale } from '../chart/scale';
import { useWidth } from '../chart/useWidth';
import { duration } from '../format/time';

const LABEL_PX = 50;

/** Round times from 0 to `span` seconds, as many as there is room for. */
export function TimeAxis({ span }: { span: number }) {
  const axis = useRef<HTMLSpanElement>(null);
  const width = useWidth(axis);
  const scale = linearScale([0, span], Math.min(6, Math.floor(width / LABEL_PX)));
  const ticks = scale.ticks.filter((tick) => scale.place(tick) * width + LABEL_PX <= width);
  return (
    <span ref={axis} role="columnheader" className="gantt-axis" aria-label="When">
      {ticks.map((tick) => (
        <i key={tick} style={{ left: `${String(scale.place(tick) * 100)}%` }}>
          {duration(tick)}
        </i>
      ))}
    </span>
  );
}
