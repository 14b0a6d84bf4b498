import type { OptimizerName, OptimizerSpec } from './optimizer-spec.ts';

const common = { weightDecay: 0, globalClipNorm: 0 };
const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** Each optimizer with the defaults of Keras 3 (LARS: of its paper, and momentum 0.9). */
export const optimizerDefaults: { readonly [Name in OptimizerName]: OptimizerSpec & { readonly name: Name } } = {
  sgd: { name: 'sgd', momentum: 0, nesterov: false, ...common },
  adam: { name: 'adam', ...moments, amsgrad: false, ...common },
  adamw: { name: 'adamw', ...moments, amsgrad: false, ...common, weightDecay: 0.004 },
  nadam: { name: 'nadam', ...moments, ...common },
  adamax: { name: 'adamax', ...moments, ...common },
  rmsprop: { name: 'rmsprop', rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false, ...common },
  adagrad: { name: 'adagrad', initialAccumulator: 0.1, epsilon: 1e-7, ...common },
  adadelta: { name: 'adadelta', rho: 0.95, epsilon: 1e-7, ...common },
  lars: { name: 'lars', momentum: 0.9, nesterov: false, trustCoefficient: 0.001, ...common },
  lamb: { name: 'lamb', ...moments, ...common },
};

/** The names of all optimizers. */
export const optimizerNames: readonly OptimizerName[] = Object.keys(optimizerDefaults) as OptimizerName[];

/** Keras's default learning rate of each optimizer (0.01 for LARS, as in TensorFlow's Model Garden). */
export const defaultLearningRates: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.01,
  adam: 0.001,
  adamw: 0.001,
  nadam: 0.001,
  adamax: 0.001,
  rmsprop: 0.001,
  adagrad: 0.001,
  adadelta: 0.001,
  lars: 0.01,
  lamb: 0.001,
};
