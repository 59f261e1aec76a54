/** How much is drawn at a zoom: what would be too small to read is not drawn at all. */

export type Level = 'dot' | 'block' | 'name' | 'full';

export function levelOf(zoom: number): Level {
  if (zoom < 0.11) return 'dot';
  if (zoom < 0.3) return 'block';
  return zoom < 0.58 ? 'name' : 'full';
}
