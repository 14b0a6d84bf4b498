/** The schedule of the learning rate in a run's configuration: its rules, and what it says. */
import { decays, stepsPerEpoch, warmupLength, type Decay, type Schedule } from '@weft/core';
import type { Demand } from './demand.ts';
import type { RunConfiguration, Schedule as ScheduleMessage } from './gen/weft/v1/configuration_pb.ts';

/** Notes what is wrong with the schedule of a run of `totalSteps` steps. */
export function demandSchedule(
  { schedule, dataSet, batchSize }: RunConfiguration,
  totalSteps: number,
  demand: Demand,
): void {
  if (schedule === undefined) return;
  const { decay, warmupSteps, warmupEpochs, floor, factor, decayEpochs } = schedule;
  const known = decayOf(decay);
  demand(known !== undefined, 'schedule.decay', decay, `one of ${decays.join(', ')}`);
  const isSound = Number.isFinite(warmupEpochs) && warmupEpochs >= 0;
  demand(isSound, 'schedule.warmup_epochs', warmupEpochs, 'finite and at least 0');
  demand(warmupSteps === 0 || warmupEpochs === 0, 'schedule.warmup_epochs', warmupEpochs, '0 beside warmup_steps');
  if (isSound && batchSize > 0) {
    const steps = stepsPerEpoch({ exampleCount: dataSet?.trainExamples ?? 0, globalBatch: batchSize, chunkSize: 1 });
    const length = warmupLength(plain(schedule, known ?? 'constant'), steps);
    demand(length <= totalSteps, 'schedule.warmup_steps', length, `at most the ${String(totalSteps)} steps of the run`);
  }
  demand(floor >= 0 && floor <= 1, 'schedule.floor', floor, 'from 0 to 1');
  if (known !== 'step' && known !== 'exponential') return;
  demand(factor > 0 && factor <= 1, 'schedule.factor', factor, 'above 0 and at most 1');
  const epochsRule = 'finite and above 0';
  demand(Number.isFinite(decayEpochs) && decayEpochs > 0, 'schedule.decay_epochs', decayEpochs, epochsRule);
}

/**
 * The schedule of a sound configuration, `undefined` where the rate stays what it is. What decides no bits is left out, so that
 * equal schedules have equal digests.
 */
export function scheduleOf({ schedule }: RunConfiguration): Schedule | undefined {
  const decay = decayOf(schedule?.decay ?? '');
  if (schedule === undefined || decay === undefined) return undefined;
  const { warmupSteps, warmupEpochs } = schedule;
  if (decay === 'constant' && warmupSteps === 0 && warmupEpochs === 0) return undefined;
  return plain(schedule, decay);
}

function plain(schedule: ScheduleMessage, decay: Decay): Schedule {
  const { warmupSteps, warmupEpochs, floor, factor, decayEpochs } = schedule;
  const falls = decay === 'step' || decay === 'exponential';
  return {
    ...{ decay, warmupSteps, warmupEpochs, floor: decay === 'constant' ? 0 : floor },
    ...{ factor: falls ? factor : 1, decayEpochs: falls ? decayEpochs : 1 },
  };
}

function decayOf(name: string): Decay | undefined {
  return name === '' ? 'constant' : decays.find((decay) => decay === name);
}
