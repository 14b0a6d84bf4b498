/** The specs that the tests run: each optimizer with its defaults, and each option that changes a formula. Test only. */
import { optimizerDefaults, optimizerNames } from './optimizer-defaults.ts';
import type { OptimizerSpec } from './optimizer-spec.ts';
import { parseOptimizer } from './parse-optimizer.ts';

export const optimizerCases: readonly { readonly title: string; readonly spec: OptimizerSpec }[] = [
  ...optimizerNames.map((name) => ({ title: name, spec: parseOptimizer(name) })),
  ...optimizerNames.map((name) => ({
    title: `${name} with weight decay and clipping`,
    spec: parseOptimizer(name, { weightDecay: 0.02, globalClipNorm: 3 }),
  })),
  ...optimizerNames
    .filter((name) => 'epsilon' in optimizerDefaults[name])
    .map((name) => ({ title: `${name} with an epsilon that counts`, spec: parseOptimizer(name, { epsilon: 0.01 }) })),
  { title: 'sgd with momentum', spec: parseOptimizer('sgd', { momentum: 0.9 }) },
  { title: 'sgd with Nesterov momentum', spec: parseOptimizer('sgd', { momentum: 0.9, nesterov: true }) },
  { title: 'adam with amsgrad', spec: parseOptimizer('adam', { amsgrad: true, beta2: 0.9 }) },
  { title: 'rmsprop with momentum', spec: parseOptimizer('rmsprop', { momentum: 0.8 }) },
  { title: 'rmsprop centred', spec: parseOptimizer('rmsprop', { centered: true }) },
  { title: 'rmsprop centred with momentum', spec: parseOptimizer('rmsprop', { centered: true, momentum: 0.8 }) },
  { title: 'lars with Nesterov momentum', spec: parseOptimizer('lars', { nesterov: true, weightDecay: 0.001 }) },
];
