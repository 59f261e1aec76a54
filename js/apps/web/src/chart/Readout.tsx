import { number } from '../format/number';
import { Text } from '../parts/Text';
import { type Line, nearest } from './line';

interface Props {
  at: number;
  lines: Line[];
  left: (x: number) => number;
  width: number;
  xText: (x: number) => string;
}

/** The values of all lines under the pointer. */
export function Readout({ at, lines, left, width, xText }: Props) {
  const rows = lines
    .map((line) => ({ line, index: nearest(line.xs, at) }))
    .filter(({ index }) => index >= 0);
  const first = rows[0];
  if (!first) return null;
  const x = first.line.xs[first.index] ?? at;
  const place = left(x);
  const onRight = place > width * 0.45;
  return (
    <>
      <i className="cross" style={{ left: place }} />
      <div
        className="readout"
        style={onRight ? { right: width - place + 10 } : { left: place + 10 }}
      >
        <b>{xText(x)}</b>
        {rows.slice(0, 12).map(({ line, index }) => (
          <div key={line.id}>
            <i style={{ background: line.colour }} />
            {lines.length > 1 && <Text text={line.name} length={24} />}
            <span className="number">{number(line.ys[index] ?? NaN)}</span>
          </div>
        ))}
      </div>
    </>
  );
}
