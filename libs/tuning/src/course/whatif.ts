/**
 * What a study would have come to under other rules: another sampler, another pruner, over the results that are on record.
 *
 * Runs are exact, so a trial that is run again gives the recorded losses again; and the course here is the one that executes
 * studies. What is said here is therefore what would happen, not an estimate. Results that are not on record are never guessed.
 */
import type { Curve } from '../pruners/pruner.ts';
import { trialKey, type RecordedResult } from './recorded-result.ts';
import { StudyCourse } from './study-course.ts';
import type { CourseTrial, StudyDecision } from './study-decision.ts';
import { epochFact, type StudyFact } from './study-fact.ts';
import type { StudyRules } from './study-rules.ts';
import { summarize, type WhatIfSummary } from './whatif-summary.ts';

/** A trial as it would have gone. */
export interface WhatIfTrial {
  readonly proposal: CourseTrial;
  /** `running` only where something is missing. */
  readonly state: Curve['state'];
  /** Those that would have been run. */
  readonly losses: readonly number[];
  /** Why it would have been stopped, where it would. */
  readonly reason: string | undefined;
  /** What is on record of it; `undefined` where that is nothing. */
  readonly recorded: RecordedResult | undefined;
}

export interface WhatIf extends WhatIfSummary {
  readonly decisions: readonly StudyDecision[];
  readonly trials: readonly WhatIfTrial[];
  /** What would have to be run to know the rest, for people; where it is not empty, everything else is as far as is known. */
  readonly missing: readonly string[];
}

/** Trials that are looked up at a time where all may begin at once. */
const window = 256;

/** Takes a study with `rules` through the results on record, of which none has more than `rules.maxEpochs` epochs. */
export function whatIf(rules: StudyRules, record: readonly RecordedResult[]): WhatIf {
  const results = new Map(record.map((trial) => [trialKey(trial), trial]));
  const course = new StudyCourse(rules);
  const decisions: StudyDecision[] = course.start();
  const reasons = new Map<number, string>();
  const missing: string[] = [];
  for (let next = 0; ; next++) {
    if (next === decisions.length && missing.length === 0) decisions.push(...course.demand(window));
    const decision = decisions[next];
    if (decision === undefined || decision.kind === 'end') break;
    if (decision.kind === 'stop') reasons.set(decision.trial, decision.reason);
    else {
      const recorded = results.get(trialKey(decision.trial));
      if (recorded === undefined) missing.push(`${trialKey(decision.trial)}: not on record`);
      else for (const fact of factsOf(decision.trial.trial, recorded)) decisions.push(...course.take(fact));
    }
  }
  const trials = course.trials.map((proposal) => ({
    proposal,
    state: course.stateOf(proposal.trial),
    losses: course.lossesOf(proposal.trial),
    reason: reasons.get(proposal.trial),
    recorded: results.get(trialKey(proposal)),
  }));
  for (const { proposal, state, recorded } of trials) {
    if (state !== 'running' || recorded?.outcome !== 'pruned') continue;
    missing.push(`${trialKey(proposal)}: was stopped after epoch ${String(recorded.losses.length)}`);
  }
  return { decisions, trials, missing, ...summarize(trials, record) };
}

/** What a course would be told of the trial. */
export function factsOf(trial: number, { losses, outcome }: RecordedResult): StudyFact[] {
  const epochs = losses.map((loss, index): StudyFact => epochFact(trial, index + 1, loss));
  switch (outcome) {
    case 'pruned':
      return epochs;
    case 'excused':
      return [...epochs, { kind: 'excused', trial, reason: 'excused on record' }];
    default:
      return [...epochs, { kind: 'ended', trial, outcome }];
  }
}
