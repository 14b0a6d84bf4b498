/** A study and its trials as messages, for people and tools. */
import { runId as brandRunId } from '@weft/core';
import { settingMessages, valueOfLoss } from '@weft/studies';
import type { StoredStudy } from '@weft/store';
import type { StudyMachine, TrialExecution } from '@weft/tuning';
import {
  create,
  StudySchema,
  StudyState,
  TrialCountsSchema,
  TrialSchema,
  TrialState,
  type Study,
  type Trial,
  type TrialCounts,
} from '@weft/wire';
import type { RememberedStudy } from './study-memory.ts';
import type { TrialRunner } from './trial-runner.ts';

const endStates = {
  complete: TrialState.COMPLETE,
  pruned: TrialState.PRUNED,
  diverged: TrialState.DIVERGED,
  excused: TrialState.EXCUSED,
} as const;

/** The study without what its trials have come to. `whole` adds the definition's models, which can be large. */
export function studyWithoutTrials(study: StoredStudy, whole: boolean): Study {
  const { studyId, definition, execution, state, reason, submittedAtSeconds, seconds, costs } = study;
  return create(StudySchema, {
    ...{ studyId, execution, state, reason, submittedAtSeconds, seconds },
    definition: whole ? definition : { ...definition, models: [], base: undefined },
    costs: { ...costs, examples: BigInt(Math.round(costs.examples)) },
  });
}

export class StudyView {
  readonly #study: () => StoredStudy;
  readonly #machine: StudyMachine;
  readonly #remembered: RememberedStudy;
  readonly #runner: TrialRunner;

  constructor(study: () => StoredStudy, remembered: RememberedStudy, runner: TrialRunner) {
    this.#study = study;
    this.#machine = remembered.machine;
    this.#remembered = remembered;
    this.#runner = runner;
  }

  /** The study as it stands. `whole` adds the definition's models, which can be large. */
  study(whole: boolean): Study {
    const study = studyWithoutTrials(this.#study(), whole);
    const counts = this.#counts();
    const best = this.#bestTrial();
    study.counts = counts;
    if (study.state === StudyState.RUNNING) study.reason = activity(counts);
    if (best !== undefined) study.best = this.trial(best);
    return study;
  }

  /** A trial as it stands, with its results. `trial` is one of those that were proposed. */
  trial(trial: number): Trial {
    const stored = this.#remembered.trials[trial];
    const execution = this.#machine.trials[trial];
    if (stored === undefined || execution === undefined) throw new RangeError(`there is no trial ${String(trial)}`);
    const known = this.#runner.find(brandRunId(stored.runId));
    const stop = this.#remembered.stops.get(trial);
    const epochs = (known?.epochs ?? []).filter(({ epoch }) => stop === undefined || epoch <= stop);
    const value = this.#valueOf(trial);
    const isComplete = execution.phase === 'complete';
    // Known to the run only, after a restart.
    const divergence = execution.phase === 'diverged' && known?.end?.kind === 'diverged' ? known.end.reason : '';
    return create(TrialSchema, {
      trial,
      cell: stored.cell,
      settings: settingMessages(new Map(stored.settings)),
      seed: BigInt(stored.seed),
      state: stateOf(execution, known?.isWorking ?? false),
      reason: execution.reason || divergence || stored.reason,
      runId: stored.runId,
      attempts: execution.attempts,
      epochs: execution.phase === 'excused' ? [] : epochs,
      ...(isComplete && known?.result !== undefined ? { result: known.result } : {}),
      configurationDigest: stored.configurationDigest,
      ...(value === undefined ? {} : { value }),
    });
  }

  /** What becomes of a trial, or `undefined` where there is none of that number. */
  phaseOf(trial: number): TrialExecution['phase'] | undefined {
    return this.#machine.trials[trial]?.phase;
  }

  get trialCount(): number {
    return this.#machine.trials.length;
  }

  #counts(): TrialCounts {
    const counts = { waiting: 0, running: 0, complete: 0, pruned: 0, diverged: 0, excused: 0 };
    for (const [trial, { phase }] of this.#machine.trials.entries()) {
      if (phase === 'waiting') counts.waiting++;
      else if (phase === 'on') counts[this.#isWorking(trial) ? 'running' : 'waiting']++;
      else if (phase === 'computed') counts.running++;
      else counts[phase]++;
    }
    // A course that was restored does not know yet that its grid has fewer cells than it may have.
    const { gridTrials = Infinity } = this.#remembered;
    const most = Math.min(this.#machine.planned ?? Infinity, gridTrials);
    const planned = Number.isFinite(most) ? most : 0;
    const proposed = this.#machine.trials.length;
    const isOver = [StudyState.FINISHED, StudyState.CANCELLED, StudyState.FAILED].some(
      (state) => state === this.#study().state,
    );
    // What was never proposed is missing only if nothing will propose it any more.
    const missing = isOver ? Math.max(0, planned - proposed) : 0;
    return create(TrialCountsSchema, { ...counts, planned, missing });
  }

  #isWorking(trial: number): boolean {
    const runId = this.#remembered.trials[trial]?.runId;
    return runId !== undefined && this.#runner.isWorking(brandRunId(runId));
  }

  #bestTrial(): number | undefined {
    let best: { readonly trial: number; readonly loss: number } | undefined;
    for (const [trial, { phase }] of this.#machine.trials.entries()) {
      if (phase !== 'complete' && phase !== 'pruned') continue;
      const loss = this.#lossOf(trial);
      if (loss !== undefined && Number.isFinite(loss) && (best === undefined || loss < best.loss))
        best = { trial, loss };
    }
    return best?.trial;
  }

  /** The objective as people know it. */
  #valueOf(trial: number): number | undefined {
    const phase = this.#machine.trials[trial]?.phase;
    const loss = phase === 'complete' || phase === 'pruned' ? this.#lossOf(trial) : undefined;
    if (loss === undefined || !Number.isFinite(loss)) return undefined;
    return valueOfLoss(this.#study().definition, loss);
  }

  #lossOf(trial: number): number | undefined {
    const stop = this.#remembered.stops.get(trial);
    const curve = this.#remembered.losses[trial] ?? [];
    return stop === undefined ? curve.at(-1) : curve[stop - 1];
  }
}

function stateOf({ phase }: TrialExecution, isWorking: boolean): TrialState {
  if (phase === 'waiting') return TrialState.WAITING;
  if (phase === 'on') return isWorking ? TrialState.RUNNING : TrialState.WAITING;
  if (phase === 'computed') return TrialState.RUNNING;
  return endStates[phase];
}

function activity({ running, waiting }: TrialCounts): string {
  const one = (count: number, verb: string): string => `${String(count)} ${count === 1 ? 'trial' : 'trials'} ${verb}`;
  if (running + waiting === 0) return 'nothing to run yet';
  return [
    running > 0 ? one(running, running === 1 ? 'runs' : 'run') : '',
    waiting > 0 ? `${String(waiting)} wait for trainers` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
