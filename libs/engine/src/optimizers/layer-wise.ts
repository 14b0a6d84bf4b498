/**
 * Layer-wise scaling: LARS and LAMB give each variable its own rate, from norms summed in float64 in the fixed order of
 * `sumOfSquares`.
 */
import type { OptimizerBuffers } from './optimizer-buffers.ts';
import type { OptimizerKernels } from './optimizer-kernels.ts';
import type { LarsSpec } from './optimizer-spec.ts';

/**
 * Turns the gradient into LARS's: trust * (g + weightDecay * w) for each variable, with
 * trust = trustCoefficient * |w| / (|g| + weightDecay * |w|), or 1 where |w| or |g| is 0.
 */
export function scaleByTrust(kernels: OptimizerKernels, spec: LarsSpec, buffers: OptimizerBuffers): void {
  const { trustCoefficient, weightDecay } = spec;
  for (const { offset, length } of buffers.variables) {
    const parameters = buffers.parameters + offset * 4;
    const gradient = buffers.gradient + offset * 4;
    const parameterNorm = Math.sqrt(kernels.sumOfSquares(parameters, length));
    const gradientNorm = Math.sqrt(kernels.sumOfSquares(gradient, length));
    if (weightDecay !== 0) kernels.addScaled(gradient, parameters, length, weightDecay);
    if (parameterNorm > 0 && gradientNorm > 0) {
      const trust = (trustCoefficient * parameterNorm) / (gradientNorm + weightDecay * parameterNorm);
      kernels.scale(gradient, length, trust);
    }
  }
}

/** Moves each variable by learningRate * |w| / |d| along its direction d, which stands in the gradient's place. */
export function moveByNorms(kernels: OptimizerKernels, buffers: OptimizerBuffers, learningRate: number): void {
  for (const { offset, length } of buffers.variables) {
    const parameters = buffers.parameters + offset * 4;
    const direction = buffers.gradient + offset * 4;
    const parameterNorm = Math.sqrt(kernels.sumOfSquares(parameters, length));
    const directionNorm = Math.sqrt(kernels.sumOfSquares(direction, length));
    const ratio = parameterNorm > 0 && directionNorm > 0 ? parameterNorm / directionNorm : 1;
    kernels.addScaled(parameters, direction, length, -(ratio * learningRate));
  }
}
