import type { KernelMemory } from '../kernels/kernel-module.ts';
import { loadKernels } from '../kernels/kernel-module.ts';
import { optimizersBinary } from '../kernels/optimizers-binary.ts';

/**
 * The passes over flat buffers that optimizers are made of; what `assembly/optimizers.ts` exports.
 *
 * `w` parameters, `g` gradient and the slots are byte offsets into one memory, aligned to four bytes; `n` counts elements;
 * coefficients are rounded to float32. A slot of 0 is absent. The first six touch
 * exactly n elements; the others round n up to a multiple of four and may write up to three elements past it, in every
 * buffer. Every operation is rounded to float32 by itself, so the scalar twin has the same bytes.
 */
export interface OptimizerKernels {
  /** x *= factor */
  scale(x: number, n: number, factor: number): void;
  /** y += x * factor; the two may be one buffer. */
  addScaled(y: number, x: number, n: number, factor: number): void;
  /** x /= divisor. Gives 1 where every quotient is finite, else 0. */
  divide(x: number, n: number, divisor: number): number;
  /** In float64: eight lanes by i % 8, added as ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)), then the last n % 8 in order. */
  sumOfSquares(x: number, n: number): number;
  /** The number of the first element that is infinite or not a number, or n. */
  firstNonFinite(x: number, n: number): number;
  /** Elements below 2^-126 in size become zero. */
  flushSubnormals(x: number, n: number): void;
  /** m = m * decay - g * learningRate; w += m, or with Nesterov w += m * decay - g * learningRate */
  momentum(w: number, g: number, m: number, n: number, decay: number, learningRate: number, nesterov: boolean): void;
  /** m += (g - m) * rate1; v += (g² - v) * rate2; w -= m * alpha / (sqrt(v, or its maximum vHat) + epsilon) */
  adam(
    w: number,
    g: number,
    m: number,
    v: number,
    vHat: number,
    n: number,
    rate1: number,
    rate2: number,
    alpha: number,
    epsilon: number,
  ): void;
  /** m, v as adam; w -= (m * ofMoment + g * ofGradient) / (sqrt(v * correction2) + epsilon) */
  nadam(
    w: number,
    g: number,
    m: number,
    v: number,
    n: number,
    rate1: number,
    rate2: number,
    ofMoment: number,
    ofGradient: number,
    correction2: number,
    epsilon: number,
  ): void;
  /** m as adam; u = max(u * decay2, |g|); w -= m * alpha / (u + epsilon) */
  adamax(
    w: number,
    g: number,
    m: number,
    u: number,
    n: number,
    rate1: number,
    decay2: number,
    alpha: number,
    epsilon: number,
  ): void;
  /**
   * v = v * rho + g² * rate; with `average` a = a * rho + g * rate and max(v - a², 0) in place of v below;
   * d = g * learningRate / sqrt(v + epsilon); with `m` d = m = m * decay + d; w -= d
   */
  rmsprop(
    w: number,
    g: number,
    v: number,
    average: number,
    m: number,
    n: number,
    rho: number,
    rate: number,
    decay: number,
    learningRate: number,
    epsilon: number,
  ): void;
  /** a += g²; w -= g * learningRate / sqrt(a + epsilon) */
  adagrad(w: number, g: number, a: number, n: number, learningRate: number, epsilon: number): void;
  /** a = a * rho + g² * rate; x = sqrt(d + epsilon) * g / sqrt(a + epsilon); d = d * rho + x² * rate; w -= x * learningRate */
  adadelta(
    w: number,
    g: number,
    a: number,
    d: number,
    n: number,
    rho: number,
    rate: number,
    learningRate: number,
    epsilon: number,
  ): void;
  /** m, v as adam; g = m * correction1 / (sqrt(v * correction2) + epsilon) */
  lambDirection(
    g: number,
    m: number,
    v: number,
    n: number,
    rate1: number,
    rate2: number,
    correction1: number,
    correction2: number,
    epsilon: number,
  ): void;
}

/** The kernels in WebAssembly SIMD, working on `memory`. */
export function vectorKernels(memory: KernelMemory): OptimizerKernels {
  return loadKernels(optimizersBinary, memory) as OptimizerKernels;
}
