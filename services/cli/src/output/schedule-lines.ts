/** How the learning rate goes and when the run ends early, as people read it: nothing where neither was asked for. */
import type { EarlyStopping, Schedule } from '@weft/core';
import type { RunSummary } from '../run/figures.ts';

/** Lines without their ends. */
export function scheduleLines({ schedule, earlyStopping }: Pick<RunSummary, 'schedule' | 'earlyStopping'>): string[] {
  return [
    ...(schedule === null ? [] : [`learning rate: ${scheduleText(schedule)}`]),
    ...(earlyStopping === null ? [] : [earlyStoppingText(earlyStopping)]),
  ];
}

function scheduleText(schedule: Schedule): string {
  const { warmupSteps, warmupEpochs } = schedule;
  const warmup =
    warmupSteps > 0 ? counted(warmupSteps, 'step') : warmupEpochs > 0 ? counted(warmupEpochs, 'epoch') : undefined;
  const decay = decayText(schedule);
  return warmup === undefined ? decay : `warm-up over ${warmup}, then ${decay}`;
}

function decayText({ decay, floor, factor, decayEpochs }: Schedule): string {
  const end = floor === 0 ? 'to 0' : `to ${String(floor)} of it`;
  const atLeast = floor === 0 ? '' : `, at least ${String(floor)} of it`;
  const every = decayEpochs === 1 ? 'epoch' : counted(decayEpochs, 'epoch');
  switch (decay) {
    case 'constant':
      return 'constant';
    case 'linear':
    case 'cosine':
      return `${decay} ${end}`;
    case 'step':
      return `times ${String(factor)} after every ${every}${atLeast}`;
    case 'exponential':
      return `times ${String(factor)} over every ${every}${atLeast}`;
  }
}

function earlyStoppingText({ monitor, patience, minDelta }: EarlyStopping): string {
  const by = minDelta === 0 ? '' : ` by more than ${String(minDelta)}`;
  return `ends early when ${monitor} has not improved${by} for ${counted(patience, 'epoch')}`;
}

function counted(count: number, unit: string): string {
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
