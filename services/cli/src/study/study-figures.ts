/** What the command line knows of a study and its trials: plain numbers and names, as they are printed. */
import { WeftError } from '@weft/core';
import { assignmentOf, trialPhase, type TrialPhase } from '@weft/studies';
import { StudyState, type Study, type Trial } from '@weft/wire';

/** Where a study is in its life. */
export type StudyPhase = 'running' | 'paused' | 'finished' | 'cancelled' | 'failed';

/** How many trials are in which phase. */
export interface StudyCounts {
  readonly waiting: number;
  readonly running: number;
  readonly complete: number;
  readonly pruned: number;
  readonly diverged: number;
  readonly excused: number;
  /** Trials that the study will have; 0: not known yet. */
  readonly planned: number;
  readonly missing: number;
}

export interface TrialFigures {
  readonly trial: number;
  readonly cell: number;
  readonly settings: Readonly<Record<string, number | string | boolean>>;
  readonly seed: number;
  readonly phase: TrialPhase;
  readonly reason: string;
  /** The objective; null where there is none. */
  readonly value: number | null;
  readonly epochs: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  /** Of training; null until it is complete. */
  readonly seconds: number | null;
  readonly attempts: number;
  readonly runId: string;
  readonly weightsDigest: string | null;
}

export interface StudyFigures {
  readonly studyId: string;
  readonly name: string;
  readonly phase: StudyPhase;
  readonly reason: string;
  readonly counts: StudyCounts;
  /** At work. */
  readonly seconds: number;
  readonly objective: string;
  readonly best: TrialFigures | null;
  /** Trainer seconds at the study's disposal, of them useful and lost. */
  readonly costs: { readonly trainerSeconds: number; readonly usefulSeconds: number; readonly lostSeconds: number };
}

const phases: Readonly<Record<StudyState, StudyPhase>> = {
  [StudyState.UNSPECIFIED]: 'running',
  [StudyState.RUNNING]: 'running',
  [StudyState.PAUSED]: 'paused',
  [StudyState.FINISHED]: 'finished',
  [StudyState.CANCELLED]: 'cancelled',
  [StudyState.FAILED]: 'failed',
};

/** A study as of now. Throws 'corrupt' for an answer without one. */
export function studyFigures(study: Study | undefined): StudyFigures {
  if (study === undefined) throw new WeftError('corrupt', 'the coordinator answered without a study');
  const { studyId, definition, state, reason, counts, seconds, best, costs } = study;
  const { waiting = 0, running = 0, complete = 0, pruned = 0, diverged = 0, excused = 0 } = counts ?? {};
  return {
    ...{ studyId, name: definition?.name ?? studyId, phase: phases[state] ?? 'running', reason, seconds },
    counts: {
      ...{ waiting, running, complete, pruned, diverged, excused },
      ...{ planned: counts?.planned ?? 0, missing: counts?.missing ?? 0 },
    },
    objective: definition?.objective?.metric ?? '',
    best: best === undefined ? null : trialFigures(best),
    costs: {
      trainerSeconds: costs?.trainerSeconds ?? 0,
      usefulSeconds: costs?.usefulSeconds ?? 0,
      lostSeconds: costs?.lostSeconds ?? 0,
    },
  };
}

export function trialFigures(trial: Trial): TrialFigures {
  const { cell, seed, state, reason, value, epochs, result, attempts, runId } = trial;
  const last = epochs.at(-1);
  return {
    ...{ trial: trial.trial, cell, settings: Object.fromEntries(assignmentOf(trial.settings)), seed: Number(seed) },
    ...{ phase: trialPhase(state), reason, value: value ?? null, epochs: epochs.length, attempts, runId },
    validationAccuracy: last?.validationAccuracy ?? null,
    testAccuracy: result?.testAccuracy ?? null,
    seconds: result?.seconds ?? null,
    weightsDigest: result?.weightsDigest ?? last?.weightsDigest ?? null,
  };
}

/** Whether nothing more will happen. */
export function isOver({ phase }: StudyFigures): boolean {
  return phase === 'finished' || phase === 'cancelled' || phase === 'failed';
}

/** Trials that are over, one way or another. */
export function doneCount({ complete, pruned, diverged, excused }: StudyCounts): number {
  return complete + pruned + diverged + excused;
}
