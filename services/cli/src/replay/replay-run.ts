/**
 * Computes steps of a recorded run again, on this machine alone, and compares them with the ledger.
 *
 * Starts from the newest checkpoint at or before the step, else from the seed. The bits of a step depend on the run's configuration
 * and the engine alone, so one machine gives those of any cluster.
 */
import { earlyEnd, parseLedgerText, stepAt, stepsPerEpoch, totalSteps, WeftError } from '@weft/core';
import type { LedgerLine, RunPlan } from '@weft/core';
import { engineNames, openEngine, type Engine } from '@weft/engine';
import { responsibleExamples, RunOpener, type Blame, type TrainingRun } from '@weft/training';
import { runAssignmentOf, RunState } from '@weft/wire';
import type { RecordedRun } from '../archive/recorded-run.ts';

/** One step, computed again. */
export interface ReplayedStep {
  readonly position: number;
  /** From 1, for people. */
  readonly epoch: number;
  readonly step: number;
  /** Sum over the step's examples; null where loss or gradient is not finite, and nothing could be committed. */
  readonly loss: number | null;
  readonly correct: number;
  readonly gradientDigest: string;
  /** What the ledger says; null where it has no such line. */
  readonly recorded: { readonly loss: number; readonly correct: number; readonly gradientDigest: string } | null;
  readonly equal: boolean;
  /** What of it is not finite; null where all is. */
  readonly nonFinite: { readonly loss: boolean; readonly variable: string | null } | null;
}

/** What came of it. */
export interface Replay {
  readonly runId: string;
  readonly engineFingerprint: string;
  /** Position of the checkpoint that it began from; 0 for the seed. */
  readonly from: number;
  /** Why not from a later one, where it began from the seed. */
  readonly remark: string | null;
  /** Steps computed again. */
  readonly steps: number;
  /** The first step that differs from the ledger. */
  readonly firstDifference: ReplayedStep | null;
  /** The step that was asked for; null where a step before it differs or cannot be committed. */
  readonly asked: ReplayedStep | null;
  /** The examples behind the step, where they were asked for. */
  readonly blame: Blame | null;
  readonly source: string;
}

/** What is asked for. */
export interface ReplayRequest {
  /** Steps committed before the one that is asked for. */
  readonly position: number;
  /** How many examples to name; 0 for none. */
  readonly examples: number;
  readonly data: ConstructorParameters<typeof RunOpener>[1];
  /** Told after every step. */
  readonly onStep: (position: number) => void;
  readonly signal: AbortSignal;
}

/** Throws 'invalid-argument' for a step that the run does not have, and 'incompatible' where this machine's engine gives other bits. */
export async function replayRun(run: RecordedRun, request: ReplayRequest): Promise<Replay> {
  const assignment = runAssignmentOf(run.runId, run.configuration);
  const steps = stepsOf(run, assignment.plan);
  if (request.position >= steps) {
    const found = `--step: ${String(request.position)}`;
    throw new WeftError('invalid-argument', `${found} must be below ${String(steps)}, the steps of run ${run.runId}`);
  }
  const engine = await openEngineOf(run);
  try {
    const training = await new RunOpener(engine, request.data).open(assignment);
    try {
      return await replayWith(training, run, request);
    } finally {
      await training.close();
    }
  } finally {
    await engine.dispose();
  }
}

/** Steps that the run takes: those of all its epochs, unless it ended early. */
function stepsOf({ state, epochs }: RecordedRun, plan: RunPlan): number {
  const early = state === RunState.FINISHED ? earlyEnd(plan, epochs) : undefined;
  return early === undefined ? totalSteps(plan) : early.epochs * stepsPerEpoch(plan.batch);
}

async function openEngineOf({ runId, engineFingerprint }: RecordedRun): Promise<Engine> {
  // The longest: `tfjs-node` begins `tfjs-node-gpu` too.
  const names = engineNames.filter((name) => engineFingerprint.startsWith(name));
  const name = names.reduce(
    (longest: string, candidate) => (candidate.length > longest.length ? candidate : longest),
    '',
  );
  const known = engineNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const found = engineFingerprint === '' ? 'no trainer has worked on it yet' : `its engine is "${engineFingerprint}"`;
    throw new WeftError('precondition-failed', `run ${runId} cannot be computed again: ${found}`);
  }
  const engine = await openEngine(known);
  if (engine.fingerprint === engineFingerprint) return engine;
  await engine.dispose();
  throw new WeftError(
    'incompatible',
    `run ${runId} was computed on "${engineFingerprint}"; here there is "${engine.fingerprint}", which may give other ` +
      'bits: replay it on a machine with the same engine, version and instruction set',
  );
}

async function replayWith(training: TrainingRun, run: RecordedRun, request: ReplayRequest): Promise<Replay> {
  const remark = await beginNear(training, run, request.position);
  const from = training.position;
  const lines = await linesOf(run, from, request.position);
  let steps = 0;
  let firstDifference: ReplayedStep | null = null;
  let asked: ReplayedStep | null = null;
  let blame: Blame | null = null;
  while (training.position <= request.position) {
    request.signal.throwIfAborted();
    const { position } = training;
    if (position === request.position && request.examples > 0) {
      blame = await responsibleExamples(training, request.examples);
    }
    const replayed = await replayStep(training, lines.get(position));
    steps++;
    request.onStep(position);
    if (!replayed.equal && replayed.recorded !== null) firstDifference ??= replayed;
    if (position === request.position) asked = replayed;
    if (training.position === position) break;
  }
  const { runId, engineFingerprint, source } = run;
  return { runId, engineFingerprint, from, remark, steps, firstDifference, asked, blame, source };
}

/** Brings the replica near `position`. Gives the reason where it stays at the start. */
async function beginNear(training: TrainingRun, run: RecordedRun, position: number): Promise<string | null> {
  if (position === 0) return null;
  const found = await run.checkpoint(position);
  if ('problem' in found) return found.problem;
  training.loadSnapshot(found.bytes);
  return null;
}

async function linesOf(run: RecordedRun, first: number, last: number): Promise<Map<number, LedgerLine>> {
  const lines = new Map<number, LedgerLine>();
  for await (const { position, text } of run.ledger()) {
    if (position > last) break;
    const line = position < first ? undefined : parseLedgerText(text);
    if (line !== undefined) lines.set(position, line);
  }
  return lines;
}

async function replayStep(training: TrainingRun, line: LedgerLine | undefined): Promise<ReplayedStep> {
  const { position } = training;
  const { epoch, step } = stepAt(training.run.plan, position);
  const sums = await training.commitAlone();
  const gradientDigest = Buffer.from(sums.gradientDigest).toString('hex');
  const loss = Number.isFinite(sums.loss) ? sums.loss : null;
  const recorded =
    line === undefined ? null : { loss: line.lossSum, correct: line.correctCount, gradientDigest: line.gradientDigest };
  const equal =
    recorded?.gradientDigest === gradientDigest && recorded.loss === loss && recorded.correct === sums.correct;
  const { nonFinite: what } = sums;
  const nonFinite = what === undefined ? null : { loss: what.loss, variable: what.variable ?? null };
  const place = { position, epoch: epoch + 1, step: step + 1 };
  return { ...place, loss, correct: sums.correct, gradientDigest, recorded, equal, nonFinite };
}
