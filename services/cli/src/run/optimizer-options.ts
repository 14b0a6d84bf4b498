/** The settings of all optimizers as options; which of them one optimizer has, `parseOptimizer` decides. */
import { defaultLearningRates, optimizerNames, parseOptimizer, type OptimizerName } from '@weft/engine';
import { choiceOption, flagOption, numberOption } from '@weft/options';

const section = 'Optimizer';

const rates = optimizerNames.map((name) => `${name} ${String(defaultLearningRates[name])}`).join(', ');

export const optimizerOptions = {
  optimizer: choiceOption({
    summary: 'How weights follow gradients.',
    choices: optimizerNames,
    default: 'sgd',
    section,
  }),
  lr: numberOption({
    summary: `Learning rate; default that of Keras: ${rates}.`,
    above: 0,
    alias: 'l',
    section,
  }),
  momentum: numberOption({ summary: 'sgd, rmsprop, lars.', min: 0, below: 1, section }),
  nesterov: flagOption({ summary: 'sgd, lars: Nesterov momentum.', section }),
  beta1: numberOption({ summary: 'adam and its kin: decay of the first moment.', min: 0, below: 1, section }),
  beta2: numberOption({ summary: 'adam and its kin: decay of the second moment.', min: 0, below: 1, section }),
  amsgrad: flagOption({ summary: 'adam, adamw: divide by the greatest second moment so far.', section }),
  rho: numberOption({ summary: 'rmsprop, adadelta: decay of the mean square.', min: 0, below: 1, section }),
  centered: flagOption({ summary: 'rmsprop: divide by the variance.', section }),
  epsilon: numberOption({ summary: 'Keeps a divisor from zero.', above: 0, section }),
  initialAccumulator: numberOption({ summary: 'adagrad: first value of the sums.', min: 0, section }),
  trustCoefficient: numberOption({ summary: 'lars: how much of its norm a variable may change.', above: 0, section }),
  weightDecay: numberOption({
    summary: 'All: weights shrink by learning rate x this in each step (lars: L2 term in the gradient).',
    min: 0,
    section,
  }),
  globalClipNorm: numberOption({
    summary: 'All: a gradient whose norm over all weights is greater is scaled down to it; 0: none is.',
    min: 0,
    section,
  }),
} as const;

/** An optimizer with everything explicit, as a run's configuration has it. */
export interface OptimizerChoice {
  readonly name: OptimizerName;
  readonly learningRate: number;
  /** Flags are 1 or 0. */
  readonly settings: Record<string, number>;
}

/**
 * The optimizer that the values ask for. `given` names the options that were given; the others keep Keras's defaults.
 * Throws 'invalid-argument' that lists every setting that the optimizer does not have or that breaks its rule.
 */
export function chooseOptimizer(
  values: { readonly optimizer: OptimizerName; readonly lr: number | undefined } & Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): OptimizerChoice {
  const names = Object.keys(optimizerOptions).filter(
    (name) => name !== 'optimizer' && name !== 'lr' && given.has(name),
  );
  const spec = parseOptimizer(values.optimizer, Object.fromEntries(names.map((name) => [name, values[name]])));
  const settings = Object.entries(spec).filter(([key]) => key !== 'name');
  return {
    name: spec.name,
    learningRate: values.lr ?? defaultLearningRates[spec.name],
    settings: Object.fromEntries(settings.map(([key, value]) => [key, Number(value)])),
  };
}
