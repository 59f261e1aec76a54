import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { number } from '../format/number';
import { Text } from '../parts/Text';
import { Grid } from './Grid';
import { Readout } from './Readout';
import { type Line, pathOf } from './line';
import { type Range, extent, linearScale, logScale } from './scale';
import { useWidth } from './useWidth';

interface Props {
  title: string;
  lines: Line[];
  log: boolean;
  xTitle: string;
  xText?: (x: number) => string;
}

const HEIGHT = 190;
const EDGE = { left: 54, right: 12, top: 8, bottom: 24 };

/** Lines over steps or time: drag to zoom, double click for all, hover for the values. */
export function Chart({ title, lines, log, xTitle, xText = number }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [zoom, setZoom] = useState<Range | null>(null);
  const [drag, setDrag] = useState<Range | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const inner = Math.max(width - EDGE.left - EDGE.right, 10);
  const tall = HEIGHT - EDGE.top - EDGE.bottom;

  const { x, y, paths } = useMemo(() => {
    const xs = zoom ?? extent(lines.flatMap((line) => line.xs)) ?? [0, 1];
    const seen = lines.flatMap((line) => line.ys.filter((_, at) => within(line.xs[at] ?? NaN, xs)));
    const ys = extent(seen, log) ?? (log ? [0.1, 1] : [0, 1]);
    const across = linearScale(xs, Math.max(2, inner / 90));
    const up = log ? logScale(ys, 5) : linearScale(padded(ys), 5);
    const left = (value: number) => EDGE.left + across.place(value) * inner;
    const top = (value: number) => EDGE.top + (1 - up.place(value)) * tall;
    const drawn = lines.map((line) => ({
      line,
      path: pathOf(line.xs, line.ys, left, top),
      raw: line.raw ? pathOf(line.xs, line.raw, left, top) : '',
      dots: line.xs.length <= 40,
    }));
    return { x: { ...across, left }, y: { ...up, top }, paths: drawn };
  }, [lines, log, zoom, inner, tall]);

  const valueAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return x.value(Math.min(1, Math.max(0, (event.clientX - box.left - EDGE.left) / inner)));
  };
  const begin = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag([valueAt(event), valueAt(event)]);
  };
  const move = (event: PointerEvent) => {
    setHover(valueAt(event));
    if (drag) setDrag([drag[0], valueAt(event)]);
  };
  const end = () => {
    if (drag && Math.abs(x.left(drag[0]) - x.left(drag[1])) > 6) {
      setZoom(drag[0] < drag[1] ? drag : [drag[1], drag[0]]);
    }
    setDrag(null);
  };
  const clip = `clip-${title.replaceAll(/\W/g, '-')}`;

  return (
    <figure className="chart">
      <figcaption>
        <Text text={title} length={60} title />
        {zoom ? (
          <button type="button" className="quiet tiny" onClick={() => setZoom(null)}>
            Show all
          </button>
        ) : (
          <span className="faint">{xTitle}</span>
        )}
      </figcaption>
      <div ref={frame} className="chart-frame">
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={summary(title, lines)}
            onPointerDown={begin}
            onPointerMove={move}
            onPointerUp={end}
            onPointerLeave={() => setHover(null)}
            onDoubleClick={() => setZoom(null)}
          >
            <clipPath id={clip}>
              <rect x={EDGE.left} y={0} width={inner} height={HEIGHT - EDGE.bottom} />
            </clipPath>
            <Grid x={x} y={y} edge={EDGE} width={width} height={HEIGHT} xText={xText} />
            <g clipPath={`url(#${clip})`}>
              {paths.map(({ line, path, raw, dots }) => (
                <g key={line.id} style={{ color: line.colour }}>
                  {raw && <path d={raw} className="raw" />}
                  <path d={path} className="line" />
                  {dots &&
                    line.ys.map((value, at) =>
                      Number.isFinite(y.top(value)) ? (
                        <circle key={at} cx={x.left(line.xs[at] ?? 0)} cy={y.top(value)} r="2" />
                      ) : null,
                    )}
                </g>
              ))}
            </g>
            {drag && (
              <rect
                className="drag"
                x={Math.min(x.left(drag[0]), x.left(drag[1]))}
                width={Math.abs(x.left(drag[0]) - x.left(drag[1]))}
                y={EDGE.top}
                height={tall}
              />
            )}
          </svg>
        )}
        {hover !== null && !drag && (
          <Readout at={hover} lines={lines} left={x.left} width={width} xText={xText} />
        )}
      </div>
    </figure>
  );
}

function within(value: number, [from, to]: Range): boolean {
  return value >= from && value <= to;
}

function padded([low, high]: Range): Range {
  const by = (high - low) * 0.06;
  return [low - by, high + by];
}

function summary(title: string, lines: readonly Line[]): string {
  const parts = lines.slice(0, 8).map((line) => {
    const last = line.ys.at(-1);
    return `${line.name}: ${String(line.ys.length)} values, last ${last === undefined ? 'none' : number(last)}`;
  });
  return `${title}. ${parts.join('; ')}`;
}
