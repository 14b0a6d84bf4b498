/** A grey picture: pixels row by row from the top left, one float32 each, 0 black to 255 white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}
