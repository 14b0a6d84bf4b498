import { TrialState } from '@weft/wire';

/** A trial's state as records and people write it. */
export type TrialPhase = 'waiting' | 'running' | 'complete' | 'pruned' | 'diverged' | 'excused';

const phases: Readonly<Record<TrialState, TrialPhase>> = {
  [TrialState.UNSPECIFIED]: 'waiting',
  [TrialState.WAITING]: 'waiting',
  [TrialState.RUNNING]: 'running',
  [TrialState.COMPLETE]: 'complete',
  [TrialState.PRUNED]: 'pruned',
  [TrialState.DIVERGED]: 'diverged',
  [TrialState.EXCUSED]: 'excused',
};

/** The word for a state. A state of a newer coordinator is one that this program cannot know. */
export function trialPhase(state: TrialState): TrialPhase {
  return phases[state] ?? 'running';
}

/** Whether a trial in this phase has a result. */
export function hasResult(phase: TrialPhase): phase is 'complete' | 'pruned' | 'diverged' {
  return phase === 'complete' || phase === 'pruned' || phase === 'diverged';
}
