import { number } from '../format/number';
import type { Scale } from './scale';

interface Props {
  x: Scale & { left: (value: number) => number };
  y: Scale & { top: (value: number) => number };
  edge: { left: number; right: number; top: number; bottom: number };
  width: number;
  height: number;
  xText: (x: number) => string;
}

/** The lines and numbers behind a chart. */
export function Grid({ x, y, edge, width, height, xText }: Props) {
  const bottom = height - edge.bottom;
  return (
    <g className="grid" aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={edge.left} x2={width - edge.right} y1={y.top(tick)} y2={y.top(tick)} />
          <text x={edge.left - 7} y={y.top(tick)} dy="0.32em" textAnchor="end">
            {number(tick)}
          </text>
        </g>
      ))}
      <line className="axis" x1={edge.left} x2={width - edge.right} y1={bottom} y2={bottom} />
      {x.ticks.map((tick) => (
        <text key={tick} x={x.left(tick)} y={bottom + 15} textAnchor="middle">
          {xText(tick)}
        </text>
      ))}
    </g>
  );
}
