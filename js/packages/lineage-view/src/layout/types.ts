/** What a layout takes and gives: flat arrays of numbers, cheap to hand to a worker. */

export interface LayoutInput {
  /** By box. Those of a box that others lie in are taken from what is inside. */
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** By box: the box that it lies in, or -1. */
  readonly parent: Int32Array;
  /** By link: boxes, and how far below the top of a box the link ends. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
  /** By link: links of one box with the same number may run together. */
  readonly bundle: Int32Array;
  /** So many links at the end are not drawn: they only say what stands left of what. */
  readonly silent: number;
  /** By box: where its top was before, or NaN; keeps the order when a graph grows. */
  readonly hint: Float64Array;
}

export interface Layout {
  /** By box: its left, top and size. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
  /** The points of link e are `route[2 * start[e]]`, ... : pairs of x and y. */
  readonly route: Float64Array;
  readonly start: Int32Array;
  /** By link: 1 where it closes a circle and runs from right to left. */
  readonly back: Uint8Array;
  readonly totalWidth: number;
  readonly totalHeight: number;
  /** Steps taken: grows in line with the input. */
  readonly work: number;
}

/** One level of a layout: boxes that do not lie in each other. */
export interface Level {
  readonly width: Float64Array;
  readonly height: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly fromY: Float64Array;
  readonly toY: Float64Array;
  readonly bundle: Int32Array;
  readonly hint: Float64Array;
  /** By box: -1 keeps it at the left border, 1 at the right one. */
  readonly pin: Int8Array;
}

export interface Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly routes: readonly Float64Array[];
  readonly back: Uint8Array;
  readonly totalWidth: number;
  readonly totalHeight: number;
}

/** Counts steps, so that a test can prove a bound without a clock. */
export interface Meter {
  work: number;
}
