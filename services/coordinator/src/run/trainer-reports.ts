/** What trainers report on the wire, as events of a run's machine. */
import { trainerId, type CommittedStep, type NonFinite, type RunEvent, type TrainerId } from '@weft/core';
import {
  Split,
  type CommittedStep as CommittedStepMessage,
  type CommittedSteps,
  type EvaluationPart,
  type NonFinite as NonFiniteMessage,
  type Partial$,
  type PeerLost,
  type RoundPartial,
  type Standing,
  type StepTimes,
} from '@weft/wire';

export function evaluationEvent(trainer: TrainerId, part: EvaluationPart): RunEvent {
  return {
    kind: 'evaluation',
    trainer,
    position: Number(part.position),
    split: part.split === Split.TEST ? 'test' : 'validation',
    chunks: part.chunks.map((sums) => ({
      index: sums.index,
      loss: sums.lossSum,
      correct: Number(sums.correctCount),
      ...(sums.rankCounts.length === 0 ? {} : { classes: { ranks: sums.rankCounts, confusion: sums.confusionCounts } }),
    })),
    weightsDigest: part.weightsDigest,
  };
}

function stepsOf(steps: readonly CommittedStepMessage[]): CommittedStep[] {
  return steps.map((step) => ({
    position: Number(step.position),
    loss: step.lossSum,
    correct: Number(step.correctCount),
    gradientDigest: Buffer.from(step.gradientDigest).toString('hex'),
    ...(step.nonFinite === undefined ? {} : { nonFinite: nonFiniteOf(step.nonFinite) }),
  }));
}

/** Proto3 has no absent text. */
function nonFiniteOf({ loss, variable }: NonFiniteMessage): NonFinite {
  return { loss, variable: variable === '' ? undefined : variable };
}

export function committedStepsEvent(trainer: TrainerId, report: CommittedSteps): RunEvent {
  return { kind: 'progress', trainer, generation: Number(report.generation), steps: stepsOf(report.steps) };
}

export function standingEvent(trainer: TrainerId, report: Standing): RunEvent {
  const { generation, position, steps } = report;
  const standing = { generation: Number(generation), position: Number(position), steps: stepsOf(steps) };
  return { kind: 'standing', trainer, ...standing };
}

export function partialEvent(trainer: TrainerId, header: Partial$): RunEvent {
  const { generation, position, level, index } = header;
  const at = { generation: Number(generation), position: Number(position) };
  return { kind: 'partial', trainer, ...at, node: { level, index } };
}

export function roundPartialEvent(trainer: TrainerId, header: RoundPartial): RunEvent {
  const { generation, position, round, level, index } = header;
  const at = { generation: Number(generation), position: Number(position), round };
  return { kind: 'round-partial', trainer, ...at, node: { level, index } };
}

export function peerLostEvent(trainer: TrainerId, report: PeerLost): RunEvent {
  const { generation, trainerId: peer, reason } = report;
  return { kind: 'peer-lost', trainer, generation: Number(generation), peer: trainerId(peer), reason };
}

/** Nothing where the trainer tells of no step. */
export function timedEvent(trainer: TrainerId, report: StepTimes): RunEvent | undefined {
  const { steps, chunks, dataSeconds, computeSeconds, reduceSeconds, waitSeconds, roundTripMs } = report;
  if (steps === 0) return undefined;
  const times = { steps, chunks, dataSeconds, computeSeconds, reduceSeconds, waitSeconds };
  return { kind: 'timed', trainer, times, roundTripMs };
}
