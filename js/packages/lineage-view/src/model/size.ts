/** The sizes of what is drawn, in units of the drawing: one is a pixel at zoom 1. */

export const CARD_WIDTH = 232;
export const CARD_HEIGHT = 52;
export const ROW_HEIGHT = 20;
/** The line "and 12 more columns". */
export const ROWS_FOOT = 20;
export const FRAME_HEAD = 44;
export const FRAME_PAD = 20;

/** The middle of a row, below the top of its box; of the card itself for row -1. */
export function rowMiddle(row: number): number {
  return row < 0 ? CARD_HEIGHT / 2 : CARD_HEIGHT + 4 + (row + 0.5) * ROW_HEIGHT;
}
