/** What trainers report on the wire, as events of a run's machine. */
import type { RunEvent, TrainerId } from '@weft/core';
import { Split, type EvaluationPart, type SoloProgress } from '@weft/wire';

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

export function soloProgressEvent(trainer: TrainerId, progress: SoloProgress): RunEvent {
  return {
    kind: 'solo-progress',
    trainer,
    generation: Number(progress.generation),
    holding: progress.holding,
    steps: progress.steps.map((step) => ({
      position: Number(step.position),
      loss: step.lossSum,
      correct: Number(step.correctCount),
    })),
  };
}
