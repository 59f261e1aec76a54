/** The whole drawing as an SVG document, and as a picture of points. */

import { Bounds } from '../draw/bounds';
import type { Look } from '../draw/look';
import { drawPicture } from '../draw/picture';
import { plain } from '../model/words';
import { escaped, SvgPen } from './svg-pen';

const MARGIN = 32;
/** Browsers refuse larger pictures. */
const MOST_PIXELS = 60_000_000;
const MOST_SIDE = 16_000;

export function svgOf(look: Look, title: string): string {
  const pen = new SvgPen();
  const { totalWidth, totalHeight } = look.layout;
  const [width, height] = [Math.ceil(totalWidth + 2 * MARGIN), Math.ceil(totalHeight + 2 * MARGIN)];
  const still = atRest(look);
  drawPicture(pen, still, new Bounds(look.layout), everything(look), 1);
  const origin = `${-MARGIN} ${-MARGIN} ${width} ${height}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${origin}" role="img">`,
    `<title>${escaped(plain(title))}</title>`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${escaped(look.palette.background)}"/>`,
    pen.text(),
    '</svg>',
    '',
  ].join('\n');
}

/** At twice the size, or smaller where a browser could not hold that. */
export function pngOf(look: Look): Promise<Blob> {
  const { totalWidth, totalHeight } = look.layout;
  const [width, height] = [totalWidth + 2 * MARGIN, totalHeight + 2 * MARGIN];
  const scale = Math.min(
    2,
    Math.sqrt(MOST_PIXELS / (width * height)),
    MOST_SIDE / Math.max(width, height),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.reject(new Error('This browser cannot draw pictures: no 2D canvas'));
  pen.fillStyle = look.palette.background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(scale, scale);
  pen.translate(MARGIN, MARGIN);
  drawPicture(pen, atRest(look), new Bounds(look.layout), everything(look), Math.max(scale, 0.02));
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else
        reject(
          new Error(
            `The picture of ${canvas.width} x ${canvas.height} points is too large: export SVG`,
          ),
        );
    }, 'image/png');
  });
}

const everything = (look: Look): { left: number; top: number; right: number; bottom: number } => ({
  left: -MARGIN,
  top: -MARGIN,
  right: look.layout.totalWidth + MARGIN,
  bottom: look.layout.totalHeight + MARGIN,
});

/** Without what only a pointer needs. */
function atRest(look: Look): Look {
  const { x, y } = look.layout;
  return {
    ...look,
    x,
    y,
    progress: 1,
    hoverBox: -1,
    hoverLink: -1,
    hoverHandle: '',
    handles: () => [],
  };
}
