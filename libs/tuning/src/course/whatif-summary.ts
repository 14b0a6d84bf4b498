import type { RecordedResult } from './recorded-result.ts';
import type { WhatIfTrial } from './whatif.ts';

/** The trial with the lowest loss after its last epoch, of those that are complete. */
export interface BestTrial {
  readonly assignment: RecordedResult['assignment'];
  readonly seed: number;
  readonly loss: number;
}

/** What would have been gained and lost, against all that is on record. */
export interface WhatIfSummary {
  readonly kept: number;
  readonly stopped: number;
  readonly epochs: { readonly recorded: number; readonly needed: number };
  /** Where the seconds of all epochs are on record. */
  readonly seconds: { readonly recorded: number; readonly needed: number } | undefined;
  readonly best: BestTrial | undefined;
  readonly bestOnRecord: BestTrial | undefined;
  /** How much worse the best trial would have been; `undefined` where there is none to compare. */
  readonly regret: number | undefined;
}

export function summarize(trials: readonly WhatIfTrial[], record: readonly RecordedResult[]): WhatIfSummary {
  const best = bestOf(trials.map(({ proposal, state, losses }) => ({ ...proposal, outcome: state, losses })));
  const bestOnRecord = bestOf(record);
  const timed = record.every(({ losses, seconds }) => seconds !== undefined && seconds.length >= losses.length);
  return {
    kept: trials.filter(({ state }) => state === 'complete' || state === 'diverged').length,
    stopped: trials.filter(({ state }) => state === 'pruned').length,
    epochs: {
      recorded: sum(record.map(({ losses }) => losses.length)),
      needed: sum(trials.map(({ losses }) => losses.length)),
    },
    seconds: timed
      ? {
          recorded: sum(record.map(({ losses, seconds }) => sum(seconds?.slice(0, losses.length) ?? []))),
          needed: sum(trials.map(({ losses, recorded }) => sum(recorded?.seconds?.slice(0, losses.length) ?? []))),
        }
      : undefined,
    best,
    bestOnRecord,
    regret: best === undefined || bestOnRecord === undefined ? undefined : best.loss - bestOnRecord.loss,
  };
}

interface Ended {
  readonly assignment: RecordedResult['assignment'];
  readonly seed: number;
  readonly losses: readonly number[];
  readonly outcome: string;
}

function bestOf(trials: readonly Ended[]): BestTrial | undefined {
  let best: BestTrial | undefined;
  for (const { assignment, seed, losses, outcome } of trials) {
    const loss = losses.at(-1) ?? Number.NaN;
    if (outcome !== 'complete' || !Number.isFinite(loss)) continue;
    if (best === undefined || loss < best.loss) best = { assignment, seed, loss };
  }
  return best;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
