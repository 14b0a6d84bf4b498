/**
 * The vocabulary of studies: every setting that a trial can have.
 *
 * Study files, the schema for editors, the page in docs/ and the configurations of trials all read this one table. That it agrees
 * with what the engine computes (optimizers, losses) is tested where both are known, in services/cli.
 */
import type {
  EarlyStoppingField,
  NumberRange,
  ScheduleField,
  Setting,
  SettingTarget,
  SettingValues,
} from './setting.ts';

const decay: NumberRange = { min: 0, below: 1 };
const notNegative: NumberRange = { min: 0 };
// A float32 kernel would turn a smaller divisor into zero.
const positive: NumberRange = { min: 1e-30 };
const flag: SettingValues = { kind: 'flag' };

const withMoments = ['adam', 'adamw', 'nadam', 'adamax', 'lamb'];
const withEpsilon = [...withMoments, 'rmsprop', 'adagrad', 'adadelta'];
const decaying = ['linear', 'cosine', 'step', 'exponential'];

/** What a schedule's decay may be. */
const decays: readonly string[] = ['constant', ...decaying];

/** What decides about trials and epochs. */
export const metricNames = ['validation-accuracy', 'validation-loss', 'accuracy', 'loss'] as const;

export type MetricName = (typeof metricNames)[number];

function optimizerSetting(
  name: string,
  field: string,
  values: SettingValues,
  summary: string,
  optimizers?: readonly string[],
): Setting {
  const target: SettingTarget = { part: 'optimizer-setting', field };
  const needs = optimizers === undefined ? {} : { needs: { setting: 'optimizer', values: optimizers } };
  return { name, summary, values, varies: true, ...needs, target };
}

function scheduleSetting(
  name: string,
  field: ScheduleField,
  values: SettingValues,
  summary: string,
  ofDecays?: readonly string[],
): Setting {
  const needs = ofDecays === undefined ? {} : { needs: { setting: 'schedule.decay', values: ofDecays } };
  return { name: `schedule.${name}`, summary, values, varies: true, ...needs, target: { part: 'schedule', field } };
}

function stoppingSetting(name: string, field: EarlyStoppingField, values: SettingValues, summary: string): Setting {
  const needs = field === 'patience' ? {} : { needs: { setting: 'early-stopping.patience' } };
  const target: SettingTarget = { part: 'early-stopping', field };
  return { name: `early-stopping.${name}`, summary, values, varies: true, ...needs, target };
}

/** Every setting, in the order in which people read them. */
export const settings: readonly Setting[] = [
  {
    ...{ name: 'model', summary: 'An architecture, or the path of a TF.js or Keras model.json.', varies: true },
    ...{ values: { kind: 'model' }, target: { part: 'choice', field: 'model' } },
  },
  {
    ...{ name: 'optimizer', summary: "How weights follow gradients; with Keras's defaults, unless set.", varies: true },
    values: {
      kind: 'choice',
      choices: ['sgd', 'adam', 'adamw', 'nadam', 'adamax', 'rmsprop', 'adagrad', 'adadelta', 'lars', 'lamb'],
    },
    target: { part: 'choice', field: 'optimizer' },
  },
  {
    ...{ name: 'learning-rate', summary: "Default: Keras's, of the optimizer.", varies: true },
    ...{ values: { kind: 'float', above: 0 }, target: { part: 'optimizer', field: 'learningRate' } },
  },
  {
    ...{ name: 'batch-size', summary: 'Examples of one step, over all trainers; default 128.', varies: true },
    ...{ values: { kind: 'int', min: 1, max: 1_000_000 }, target: { part: 'run', field: 'batchSize' } },
  },
  {
    ...{ name: 'chunk-size', summary: 'Examples of one chunk; default 32, more for batches over 1024.', varies: false },
    ...{ values: { kind: 'int', min: 1, max: 65_536 }, target: { part: 'run', field: 'chunkSize' } },
  },
  {
    ...{ name: 'epochs', summary: 'Passes over the training examples; also `budget.epochs`.', varies: false },
    ...{ values: { kind: 'int', min: 1, max: 1_000_000 }, target: { part: 'run', field: 'epochs' } },
  },
  {
    ...{
      name: 'loss',
      summary: 'Default: categoricalCrossentropy, which classes need.',
      varies: false,
    },
    values: { kind: 'choice', choices: ['categoricalCrossentropy', 'binaryCrossentropy', 'meanSquaredError'] },
    target: { part: 'model', field: 'loss' },
  },
  {
    ...{ name: 'batch-normalization', summary: 'Statistics of each chunk (ghost, the default) or step.', varies: true },
    ...{ values: { kind: 'choice', choices: ['ghost', 'sync'] } },
    target: { part: 'model', field: 'batchNormalization' },
  },
  optimizerSetting('momentum', 'momentum', { kind: 'float', ...decay }, 'Share of the last update that goes on.', [
    ...['sgd', 'rmsprop', 'lars'],
  ]),
  optimizerSetting('nesterov', 'nesterov', flag, 'Nesterov momentum.', ['sgd', 'lars']),
  optimizerSetting('beta1', 'beta1', { kind: 'float', ...decay }, 'Decay of the first moment.', withMoments),
  optimizerSetting('beta2', 'beta2', { kind: 'float', ...decay }, 'Decay of the second moment.', withMoments),
  optimizerSetting('amsgrad', 'amsgrad', flag, 'Divide by the greatest second moment so far.', ['adam', 'adamw']),
  optimizerSetting('rho', 'rho', { kind: 'float', ...decay }, 'Decay of the mean square.', ['rmsprop', 'adadelta']),
  optimizerSetting('centered', 'centered', flag, 'Divide by the variance.', ['rmsprop']),
  optimizerSetting('epsilon', 'epsilon', { kind: 'float', ...positive }, 'Keeps a divisor from zero.', withEpsilon),
  optimizerSetting(
    'initial-accumulator',
    'initialAccumulator',
    { kind: 'float', ...notNegative },
    'Start of the sums.',
    ['adagrad'],
  ),
  optimizerSetting('trust-coefficient', 'trustCoefficient', { kind: 'float', ...positive }, 'Share of its norm.', [
    'lars',
  ]),
  optimizerSetting('weight-decay', 'weightDecay', { kind: 'float', ...notNegative }, 'Decoupled weight decay.'),
  optimizerSetting('clip-norm', 'globalClipNorm', { kind: 'float', ...notNegative }, 'Longest gradient; 0: any.'),
  scheduleSetting('decay', 'decay', { kind: 'choice', choices: decays }, 'How the rate falls after the warm-up.'),
  scheduleSetting('warmup-steps', 'warmupSteps', { kind: 'int', min: 0, max: 2 ** 32 - 1 }, 'Steps of linear warm-up.'),
  scheduleSetting('warmup-epochs', 'warmupEpochs', { kind: 'float', ...notNegative }, 'The same in epochs; not both.'),
  scheduleSetting('floor', 'floor', { kind: 'float', min: 0, max: 1 }, 'Share of the rate that stays.', decaying),
  scheduleSetting('factor', 'factor', { kind: 'float', above: 0, max: 1 }, 'What the rate is multiplied by ...', [
    ...['step', 'exponential'],
  ]),
  scheduleSetting('decay-epochs', 'decayEpochs', { kind: 'float', above: 0 }, '... in every so many epochs.', [
    ...['step', 'exponential'],
  ]),
  stoppingSetting('patience', 'patience', { kind: 'int', min: 1, max: 1_000_000 }, 'Epochs without progress.'),
  stoppingSetting('monitor', 'monitor', { kind: 'choice', choices: metricNames }, 'Default validation-loss.'),
  stoppingSetting('min-delta', 'minDelta', { kind: 'float', ...notNegative }, 'Smallest progress that counts.'),
];

const byName: ReadonlyMap<string, Setting> = new Map(settings.map((setting) => [setting.name, setting]));

/** The setting called `name`, if there is one. */
export function settingOf(name: string): Setting | undefined {
  return byName.get(name);
}
