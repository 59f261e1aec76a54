/** How wide the browser draws a text, or null where there is no canvas. */

import type { Measure } from '../draw/text';

export function canvasMeasure(): Measure | null {
  const pen =
    typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
  if (!pen) return null;
  return (text, font) => {
    if (pen.font !== font) pen.font = font;
    return pen.measureText(text).width;
  };
}
