/** Checks a recorded run: its ledger line by line, and what was recorded of its epochs and its end against the lines. */
import { earlyEnd, LedgerVerifier, stepAt, stepsPerEpoch } from '@weft/core';
import type { EpochSums, LedgerProblem, RunPlan } from '@weft/core';
import { configurationDigest, runAssignmentOf, RunState, type EpochResult } from '@weft/wire';
import { hash } from 'node:crypto';
import type { RecordedRun } from './recorded-run.ts';

/** What was found. */
export interface Verdict {
  readonly runId: string;
  /** The first thing that is wrong, with its place for people; null where all is right. */
  readonly problem: (LedgerProblem & { readonly epoch: number; readonly step: number }) | null;
  /** Lines found right, from the first on. */
  readonly lines: number;
  /** Epochs of which each example was used exactly once. */
  readonly epochs: number;
  /** Training examples of an epoch. */
  readonly examples: number;
  readonly trainers: readonly string[];
  /** Chunk ranges that were computed by another trainer than the first that had them. */
  readonly reassigned: number;
  /** Digest of the last line. */
  readonly ledgerDigest: string;
  /** Why the run ended before its last epoch, by the recorded results of its epochs; null where it did not. */
  readonly stoppedEarly: string | null;
  /** Whether the run has finished, so that the chain's end could be compared with its result. */
  readonly finished: boolean;
  readonly source: string;
}

/** Reads the ledger once, in memory that does not grow with it. */
export async function verifyRun(run: RecordedRun): Promise<Verdict> {
  const assignment = runAssignmentOf(run.runId, run.configuration);
  const { plan, seed } = assignment;
  const verifier = new LedgerVerifier({ plan, seed, configurationDigest: configurationDigest(assignment) }, sha256);
  const finished = run.state === RunState.FINISHED;
  const early = finished ? earlyEnd(plan, run.epochs) : undefined;
  const problem = await firstProblem(run, verifier, plan, finished ? (early?.epochs ?? plan.epochs) : undefined);
  return {
    runId: run.runId,
    problem: problem === undefined ? null : { ...problem, ...countedFromOne(stepAt(plan, problem.position)) },
    ...{ lines: verifier.lines, epochs: verifier.epochs.length, examples: plan.batch.exampleCount },
    ...{ trainers: verifier.trainers, reassigned: verifier.reassigned, ledgerDigest: verifier.digest, finished },
    ...{ stoppedEarly: early?.reason ?? null, source: run.source },
  };
}

async function firstProblem(
  run: RecordedRun,
  verifier: LedgerVerifier,
  plan: RunPlan,
  /** Of a finished run: after how many epochs it ended. */
  trained: number | undefined,
): Promise<LedgerProblem | undefined> {
  const steps = stepsPerEpoch(plan.batch);
  const examples = plan.batch.exampleCount;
  for await (const line of run.ledger()) {
    const ended = verifier.epochs.length;
    const problem = verifier.take(line);
    if (problem !== undefined) return problem;
    const sums = verifier.epochs[ended];
    const recorded = run.epochs[ended];
    const reason = sums === undefined || recorded === undefined ? undefined : mismatch(recorded, sums, examples);
    if (reason !== undefined) return { position: line.position, reason };
  }
  const atLeast = run.epochs.length * steps;
  if (trained === undefined) return verifier.finish({ atLeast });
  // A finished run without a result would leave the chain's end open.
  return verifier.finish({ atLeast, steps: trained * steps, finished: run.result?.ledgerDigest ?? '' });
}

/** How what was recorded of an epoch differs from the sums of its lines. */
function mismatch({ epoch, loss, accuracy }: EpochResult, sums: EpochSums, examples: number): string | undefined {
  const found = { loss: sums.lossSum / examples, accuracy: sums.correctCount / examples };
  if (loss === found.loss && accuracy === found.accuracy) return undefined;
  const recorded = `loss ${String(loss)} and accuracy ${String(accuracy)}`;
  const lines = `its lines give ${String(found.loss)} and ${String(found.accuracy)}`;
  return `epoch ${String(epoch)} was recorded with ${recorded}; ${lines}`;
}

function countedFromOne({ epoch, step }: { epoch: number; step: number }): { epoch: number; step: number } {
  return { epoch: epoch + 1, step: step + 1 };
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}
