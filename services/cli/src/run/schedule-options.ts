/** How the learning rate follows the steps, as options. */
import { decays, stepsPerEpoch, warmupLength, WeftError, type BatchPlan, type Decay, type Schedule } from '@weft/core';
import { choiceOption, flagOption, integerOption, numberOption } from '@weft/options';

const section = 'Schedule';

/** The batch whose learning rate `--scale-lr` leaves as it is. */
export const scaledBatch = 128;

export const scheduleOptions = {
  schedule: choiceOption({
    summary: 'How the learning rate falls, after the warm-up if there is one.',
    choices: decays,
    default: 'constant',
    section,
  }),
  warmupEpochs: numberOption({
    summary: 'Epochs in which the learning rate rises to its value, step by step.',
    min: 0,
    max: 1_000_000,
    section,
  }),
  warmupSteps: integerOption({ summary: 'The same in steps.', min: 0, max: 2 ** 32 - 1, section }),
  scheduleFloor: numberOption({
    summary: 'Share of the learning rate below which it does not fall; linear and cosine end there. Default 0.',
    min: 0,
    max: 1,
    section,
  }),
  scheduleFactor: numberOption({
    summary: 'step, exponential: what the learning rate is multiplied by in every --schedule-epochs.',
    above: 0,
    max: 1,
    section,
  }),
  scheduleEpochs: numberOption({ summary: 'step, exponential: epochs for one factor.', above: 0, max: 1e6, section }),
  scaleLr: flagOption({
    summary: `Multiplies the learning rate by batch size / ${String(scaledBatch)}.`,
    section,
  }),
} as const;

/** What `scheduleOptions` are read as. */
export interface ScheduleValues {
  readonly schedule: Decay;
  readonly warmupEpochs: number | undefined;
  readonly warmupSteps: number | undefined;
  readonly scheduleFloor: number | undefined;
  readonly scheduleFactor: number | undefined;
  readonly scheduleEpochs: number | undefined;
}

/** The schedule that the values ask for. Throws 'invalid-argument' that lists every value that does not fit the others. */
export function chooseSchedule(values: ScheduleValues): Schedule | undefined {
  const { schedule: decay, warmupEpochs = 0, warmupSteps = 0, scheduleFloor: floor } = values;
  const { scheduleFactor: factor, scheduleEpochs: decayEpochs } = values;
  const falls = decay === 'step' || decay === 'exponential';
  const problems: string[] = [];
  if (warmupEpochs > 0 && warmupSteps > 0) {
    problems.push('--warmup-epochs and --warmup-steps are two ways to say the same: give one of them');
  }
  if (floor !== undefined && decay === 'constant') {
    problems.push(`--schedule-floor: ${String(floor)} needs a --schedule that falls: ${decays.slice(1).join(', ')}`);
  }
  for (const [name, value] of [
    ['--schedule-factor', factor],
    ['--schedule-epochs', decayEpochs],
  ] as const) {
    if (falls && value === undefined) problems.push(`${name} is missing: --schedule ${decay} needs it`);
    if (!falls && value !== undefined) problems.push(`${name}: ${String(value)} needs --schedule step or exponential`);
  }
  if (problems.length > 0) throw new WeftError('invalid-argument', problems.join('\n'));
  if (decay === 'constant' && warmupEpochs === 0 && warmupSteps === 0) return undefined;
  return { decay, warmupSteps, warmupEpochs, floor: floor ?? 0, factor: factor ?? 1, decayEpochs: decayEpochs ?? 1 };
}

/** Why the warm-up does not fit a run of so many epochs, or `undefined`. */
export function warmupProblem(schedule: Schedule | undefined, batch: BatchPlan, epochs: number): string | undefined {
  if (schedule === undefined) return undefined;
  const steps = stepsPerEpoch(batch);
  const length = warmupLength(schedule, steps);
  if (length <= epochs * steps) return undefined;
  const name = schedule.warmupSteps > 0 ? '--warmup-steps' : '--warmup-epochs';
  return `${name}: ${String(length)} steps are more than the ${String(epochs * steps)} of the run`;
}

/** Linear scaling (Goyal et al. 2017, arXiv:1706.02677): the rate for `batchSize` of one that is right for 128. */
export function scaledRate(learningRate: number, batchSize: number): number {
  return (learningRate * batchSize) / scaledBatch;
}
