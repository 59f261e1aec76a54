/** Our own small icons, as strokes in a square of 16. */

import type { Icon } from '../model/family';
import type { Pen } from './pen';

/** M and L move and draw, C curves, Z closes, R is a rounded box, O a circle. */
type Step =
  | readonly ['M' | 'L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z']
  | readonly ['R', number, number, number, number, number]
  | readonly ['O', number, number, number];

const line = (...points: number[]): Step[] => {
  const steps: Step[] = [];
  for (let i = 0; i < points.length; i += 2) {
    steps.push([i === 0 ? 'M' : 'L', points[i]!, points[i + 1]!]);
  }
  return steps;
};

const SHEET: Step[] = [
  ...line(4, 1.5, 9.5, 1.5, 12.5, 4.5, 12.5, 14.5, 3.5, 14.5, 3.5, 1.5),
  ['Z'],
  ...line(9.2, 1.8, 9.2, 5, 12.4, 5),
];

const PATHS: Readonly<Record<Icon, readonly Step[]>> = {
  dataset: [
    ['R', 2, 2.5, 12, 11, 2],
    ...line(2, 6.3, 14, 6.3),
    ...line(2, 10, 14, 10),
    ...line(6.6, 6.3, 6.6, 13.5),
  ],
  file: [...SHEET, ...line(6, 8.5, 10, 8.5), ...line(6, 11.2, 10, 11.2)],
  folder: [...line(1.8, 13, 1.8, 3.4, 6, 3.4, 7.6, 5.2, 14.2, 5.2, 14.2, 13), ['Z']],
  model: [
    ['O', 3.2, 8, 1.7],
    ['O', 8.2, 3.4, 1.7],
    ['O', 8.2, 12.6, 1.7],
    ['O', 13, 8, 1.7],
    ...line(4.4, 6.8, 7, 4.6),
    ...line(4.4, 9.2, 7, 11.4),
    ...line(9.4, 4.6, 11.8, 6.8),
    ...line(9.4, 11.4, 11.8, 9.2),
  ],
  run: [['O', 8, 8, 6.2], ...line(6.5, 5.2, 11, 8, 6.5, 10.8), ['Z']],
  stage: [
    ...line(2, 4.5, 8, 1.8, 14, 4.5, 8, 7.2),
    ['Z'],
    ...line(2, 8, 8, 10.7, 14, 8),
    ...line(2, 11.3, 8, 14, 14, 11.3),
  ],
  call: [...line(3, 2.5, 8.2, 8, 3, 13.5), ...line(9, 13.5, 14, 13.5)],
  metric: [...line(2, 2, 2, 14, 14, 14), ...line(4.5, 10.5, 7.5, 7, 9.8, 9, 13.5, 4)],
  code: [
    ...line(5, 4, 1.5, 8, 5, 12),
    ...line(11, 4, 14.5, 8, 11, 12),
    ...line(9.2, 2.8, 6.8, 13.2),
  ],
  commit: [['O', 8, 8, 3], ...line(1, 8, 5, 8), ...line(11, 8, 15, 8)],
  package: [
    ...line(8, 1.5, 14, 4.6, 14, 11.4, 8, 14.5, 2, 11.4, 2, 4.6),
    ['Z'],
    ...line(2.2, 4.8, 8, 7.8, 13.8, 4.8),
    ...line(8, 7.8, 8, 14.3),
  ],
  column: [
    ['R', 5.2, 1.8, 5.6, 12.4, 1.4],
    ...line(5.2, 5.6, 10.8, 5.6),
    ...line(5.2, 9.8, 10.8, 9.8),
  ],
  array: [
    ...line(5, 2, 2.5, 2, 2.5, 14, 5, 14),
    ...line(11, 2, 13.5, 2, 13.5, 14, 11, 14),
    ['O', 6, 8, 0.5],
    ['O', 10, 8, 0.5],
  ],
  agent: [
    ['O', 8, 5, 3],
    ['M', 2.2, 14.2],
    ['C', 2.6, 8.8, 13.4, 8.8, 13.8, 14.2],
  ],
  software: [
    ['R', 2, 2.5, 12, 8.6, 1.6],
    ...line(5.4, 13.8, 10.6, 13.8),
    ...line(8, 11.2, 8, 13.8),
  ],
  figure: [
    ['R', 2, 2.5, 12, 11, 1.6],
    ...line(2.4, 11.5, 6, 7.5, 8.6, 10.2, 10.4, 8.6, 13.6, 11.6),
    ['O', 10.6, 5.8, 1],
  ],
  plan: [
    ['R', 3, 2.5, 10, 12, 1.6],
    ...line(6, 6.4, 10, 6.4),
    ...line(6, 9, 10, 9),
    ...line(6, 11.6, 8.6, 11.6),
    ...line(6.2, 1.6, 9.8, 1.6),
  ],
  link: [
    ['O', 8, 8, 6.2],
    ...line(1.8, 8, 14.2, 8),
    ['M', 8, 1.8],
    ['C', 4, 5, 4, 11, 8, 14.2],
    ['C', 12, 11, 12, 5, 8, 1.8],
  ],
  thing: [...line(8, 1.8, 14.2, 8, 8, 14.2, 1.8, 8), ['Z']],
};

/** Strokes the icon into a square with its left top at (x, y). */
export function drawIcon(pen: Pen, icon: Icon, x: number, y: number, side: number): void {
  const k = side / 16;
  pen.beginPath();
  for (const step of PATHS[icon]) {
    switch (step[0]) {
      case 'M':
        pen.moveTo(x + step[1] * k, y + step[2] * k);
        break;
      case 'L':
        pen.lineTo(x + step[1] * k, y + step[2] * k);
        break;
      case 'C': {
        const [, a, b, c, d, e, f] = step;
        pen.bezierCurveTo(x + a * k, y + b * k, x + c * k, y + d * k, x + e * k, y + f * k);
        break;
      }
      case 'R':
        pen.roundRect(x + step[1] * k, y + step[2] * k, step[3] * k, step[4] * k, step[5] * k);
        break;
      case 'O':
        pen.moveTo(x + (step[1] + step[3]) * k, y + step[2] * k);
        pen.arc(x + step[1] * k, y + step[2] * k, step[3] * k, 0, 2 * Math.PI);
        break;
      default:
        pen.closePath();
    }
  }
  pen.stroke();
}
