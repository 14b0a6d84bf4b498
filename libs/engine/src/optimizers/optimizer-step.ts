/**
 * One step of an optimizer: clip, decay, update, in Keras's order. Computes the coefficients of the step in float64; the
 * kernels do the work in float32.
 */
import { integerPower } from '@weft/core';
import { moveByNorms, scaleByTrust } from './layer-wise.ts';
import { slotOf, type OptimizerBuffers } from './optimizer-buffers.ts';
import type { OptimizerKernels } from './optimizer-kernels.ts';
import type { OptimizerSpec } from './optimizer-spec.ts';
import { NadamSchedule } from './step-coefficients.ts';

/** Applies step `step` (counted from 1) with a learning rate. Overwrites gradient, parameters and slots. */
export type OptimizerStep = (step: number, learningRate: number) => void;

/**
 * Slots are cleared of subnormal values after each so many steps.
 *
 * A slot whose gradient stays zero decays into the subnormal range and would never leave it (its decay rounds to nothing),
 * where many processors are a hundred times slower. Clearing within each step would make Adam a quarter slower.
 */
const flushInterval = 512;

/**
 * The step of `spec` over `buffers`, whichever kernels run it. Kernels may write up to three elements past `trainableSize` in
 * every buffer.
 */
export function optimizerStep(
  kernels: OptimizerKernels,
  spec: OptimizerSpec,
  buffers: OptimizerBuffers,
): OptimizerStep {
  const update = updateOf(kernels, spec, buffers);
  const { parameters, gradient, trainableSize } = buffers;
  const decays = spec.weightDecay !== 0 && spec.name !== 'lars';
  return (step, learningRate) => {
    if (spec.globalClipNorm !== 0) {
      const norm = Math.sqrt(kernels.sumOfSquares(gradient, trainableSize));
      if (norm > spec.globalClipNorm) kernels.scale(gradient, trainableSize, spec.globalClipNorm / norm);
    }
    if (decays) kernels.addScaled(parameters, parameters, trainableSize, -(spec.weightDecay * learningRate));
    update(step, learningRate);
    if (step % flushInterval === 0) {
      for (const slot of buffers.slots.values()) kernels.flushSubnormals(slot, trainableSize);
    }
  };
}

function updateOf(kernels: OptimizerKernels, spec: OptimizerSpec, buffers: OptimizerBuffers): OptimizerStep {
  const { parameters: w, gradient: g, trainableSize: n } = buffers;
  const m = slotOf(buffers, 'momentum');
  const v = slotOf(buffers, 'velocity');
  switch (spec.name) {
    case 'sgd':
      return (_, learningRate) => {
        if (spec.momentum === 0) kernels.addScaled(w, g, n, -learningRate);
        else kernels.momentum(w, g, m, n, spec.momentum, learningRate, spec.nesterov);
      };
    case 'lars':
      return (_, learningRate) => {
        scaleByTrust(kernels, spec, buffers);
        kernels.momentum(w, g, m, n, spec.momentum, learningRate, spec.nesterov);
      };
    case 'adam':
    case 'adamw': {
      const vHat = slotOf(buffers, 'velocityHat');
      return (step, learningRate) => {
        const bias1 = 1 - integerPower(spec.beta1, step);
        const bias2 = 1 - integerPower(spec.beta2, step);
        const alpha = (learningRate * Math.sqrt(bias2)) / bias1;
        kernels.adam(w, g, m, v, vHat, n, 1 - spec.beta1, 1 - spec.beta2, alpha, spec.epsilon);
      };
    }
    case 'nadam': {
      const schedule = new NadamSchedule(spec.beta1);
      return (step, learningRate) => {
        const { current, next, product } = schedule.at(step);
        const ofMoment = (learningRate * next) / (1 - product * next);
        const ofGradient = (learningRate * (1 - current)) / (1 - product);
        const correction2 = 1 / (1 - integerPower(spec.beta2, step));
        kernels.nadam(w, g, m, v, n, 1 - spec.beta1, 1 - spec.beta2, ofMoment, ofGradient, correction2, spec.epsilon);
      };
    }
    case 'adamax': {
      const u = slotOf(buffers, 'norm');
      return (step, learningRate) => {
        const alpha = learningRate / (1 - integerPower(spec.beta1, step));
        kernels.adamax(w, g, m, u, n, 1 - spec.beta1, spec.beta2, alpha, spec.epsilon);
      };
    }
    case 'rmsprop': {
      const average = slotOf(buffers, 'averageGradient');
      return (_, learningRate) => {
        const { rho, momentum, epsilon } = spec;
        kernels.rmsprop(w, g, v, average, m, n, rho, 1 - rho, momentum, learningRate, epsilon);
      };
    }
    case 'adagrad': {
      const accumulator = slotOf(buffers, 'accumulator');
      return (_, learningRate) => {
        kernels.adagrad(w, g, accumulator, n, learningRate, spec.epsilon);
      };
    }
    case 'adadelta': {
      const gradients = slotOf(buffers, 'accumulatedGradient');
      const deltas = slotOf(buffers, 'accumulatedDelta');
      return (_, learningRate) => {
        kernels.adadelta(w, g, gradients, deltas, n, spec.rho, 1 - spec.rho, learningRate, spec.epsilon);
      };
    }
    case 'lamb':
      return (step, learningRate) => {
        const correction1 = 1 / (1 - integerPower(spec.beta1, step));
        const correction2 = 1 / (1 - integerPower(spec.beta2, step));
        kernels.lambDirection(g, m, v, n, 1 - spec.beta1, 1 - spec.beta2, correction1, correction2, spec.epsilon);
        moveByNorms(kernels, buffers, learningRate);
      };
  }
}
