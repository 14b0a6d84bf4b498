/** What trainers report on the wire, as events of a run's machine. */
import { trainerId, type CommittedStep, type RunEvent, type TrainerId } from '@weft/core';
import {
  Split,
  type CommittedStep as CommittedStepMessage,
  type CommittedSteps,
  type EvaluationPart,
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
  }));
}

export function committedStepsEvent(trainer: TrainerId, report: CommittedSteps): RunEvent {
  return { kind: 'progress', trainer, generation: Number(report.generation), steps: stepsOf(report.steps) };
}

export function standingEvent(trainer: TrainerId, report: Standing): RunEvent {
  const { generation, position, steps } = report;
  const standing = { generation: Number(generation), position: Number(position), steps: stepsOf(steps) };
  return { kind: 'standing', trainer, ...standing };
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

/** Nothing where the trainer had no chunks to be timed with. */
export function timedEvent(trainer: TrainerId, times: StepTimes): RunEvent | undefined {
  const { chunks, dataSeconds, computeSeconds, roundTripMs } = times;
  if (chunks === 0) return undefined;
  return { kind: 'timed', trainer, secondsPerChunk: (dataSeconds + computeSeconds) / chunks, roundTripMs };
}
