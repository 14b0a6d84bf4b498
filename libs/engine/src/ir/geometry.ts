/** A pair for the two spatial axes: height, width. */
export type Pair = readonly [number, number];

/** How a window moves over an image, along height and width. */
export interface PoolGeometry {
  readonly window: Pair;
  readonly strides: Pair;
  /** Rows and columns added before and after: top, left, bottom, right. */
  readonly padding: readonly [number, number, number, number];
}

/** A window whose taps may be spread out. */
export interface ConvolutionGeometry extends PoolGeometry {
  readonly dilations: Pair;
}
