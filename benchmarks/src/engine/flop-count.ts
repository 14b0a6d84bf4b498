/**
 * Floating point operations of a training step, counted from the shapes of layers.
 *
 * Counted are the products of dense and convolution layers, a multiplication and an addition for each weight and position:
 * forward, the gradient by the weights, and the gradient by the input, which the first of them does not need. Positions that
 * padding adds count, as usual. All other work (activations, pooling, normalization, loss, optimizer) is not counted, so
 * a share of the peak tells how much of the time went into anything but products.
 */

/** A layer with weights that multiply, as far as the count depends on it. */
export interface ProductLayer {
  /** Weights of the kernel: `inputs * units`, or `height * width * input channels * filters`. */
  readonly kernelSize: number;
  /** Times that the kernel is applied to one example: 1, or the positions of a convolution's output. */
  readonly positions: number;
}

/** Operations for one example, forward and backward. `layers` are in the order of the forward pass. */
export function trainingFlops(layers: readonly ProductLayer[]): number {
  return layers.reduce((sum, { kernelSize, positions }, index) => {
    const passes = index === 0 ? 2 : 3;
    return sum + passes * 2 * kernelSize * positions;
  }, 0);
}
