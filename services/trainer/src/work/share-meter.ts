/** What this trainer had to do with the steps of a run, and where its time went: for its metrics, and for the coordinator. */
import { elapsedSeconds, sumTimes, type StepTimes } from '@weft/core';
import type { Measurement } from './thread-messages.ts';

/** The sum over some chunks of the step in hand, and the time that it took. */
export interface ComputedShare {
  readonly examples: number;
  readonly loss: number;
  readonly correct: number;
  readonly chunks: number;
  readonly dataSeconds: number;
  readonly computeSeconds: number;
}

/** How much time the steps of one report cover, at least. */
const reportSeconds = 1;

const nothing: ComputedShare = { examples: 0, loss: 0, correct: 0, chunks: 0, dataSeconds: 0, computeSeconds: 0 };

export class ShareMeter {
  readonly #measure: (measurement: Measurement) => void;
  readonly #report: (run: string, times: StepTimes) => void;
  #share = nothing;
  #times: StepTimes = sumTimes([]);
  #run = '';

  /** `report` is told about once a second of steps where the time went. */
  constructor(measure: (measurement: Measurement) => void, report: (run: string, times: StepTimes) => void) {
    this.#measure = measure;
    this.#report = report;
  }

  /** Some chunks of the step in hand were computed. */
  computed(share: ComputedShare): void {
    const sum = this.#share;
    this.#share = {
      examples: sum.examples + share.examples,
      loss: sum.loss + share.loss,
      correct: sum.correct + share.correct,
      chunks: sum.chunks + share.chunks,
      dataSeconds: sum.dataSeconds + share.dataSeconds,
      computeSeconds: sum.computeSeconds + share.computeSeconds,
    };
  }

  /** `steps` steps ended, in which this trainer waited for others, and sent, added and applied, for so long altogether. */
  stepped(run: string, waitSeconds: number, reduceSeconds: number, steps = 1): void {
    if (steps === 0) return;
    const { chunks, dataSeconds, computeSeconds, examples, loss, correct } = this.#share;
    this.#share = nothing;
    const phases = { data: dataSeconds, compute: computeSeconds, wait: waitSeconds, reduce: reduceSeconds };
    this.#measureSteps(phases, steps);
    const of = Math.max(1, examples);
    this.#measure({ kind: 'steps', run, outcome: { steps, examples, loss: loss / of, accuracy: correct / of } });
    this.#account(run, { steps, chunks, dataSeconds, computeSeconds, reduceSeconds, waitSeconds });
  }

  #measureSteps(phases: Readonly<Record<'data' | 'compute' | 'wait' | 'reduce', number>>, steps: number): void {
    this.#measure({ kind: 'phase', phase: 'compute', steps, seconds: phases.compute / steps });
    for (const phase of ['data', 'wait', 'reduce'] as const) {
      if (phases[phase] > 0) this.#measure({ kind: 'phase', phase, steps, seconds: phases[phase] / steps });
    }
  }

  #account(run: string, added: StepTimes): void {
    const times = sumTimes(run === this.#run ? [this.#times, added] : [added]);
    this.#run = run;
    this.#times = times;
    if (elapsedSeconds(times) < reportSeconds) return;
    this.#times = sumTimes([]);
    this.#report(run, times);
  }
}
