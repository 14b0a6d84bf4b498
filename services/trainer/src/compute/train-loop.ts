/**
 * The training loop: takes commands one at a time and computes.
 *
 * In a star it computes its chunks of the step in hand, waits for the mean over all of them, applies it, and goes on with the next
 * step without being told. In a gang that commits by itself it exchanges with the others, or is alone, and goes on until the
 * epoch ends or a hold comes.
 */
import {
  assignChunks,
  describeError,
  exampleCountAt,
  invariant,
  isEpochEnd,
  WeftError,
  type ChunkRange,
  type Clock,
  type DirectOutcome,
  type EvaluationChunkSums,
} from '@weft/core';
import { contributionDigest } from '@weft/wire';
import type { Assignment, CommittedStepReport, ComputeCommand, ComputeReport, ExchangingGang } from './commands.ts';
import { DirectGang, type GangLinks, type PeerCommand } from './direct-gang.ts';
import type { Inbox } from './inbox.ts';
import type { OpenedRun, RunSource } from './opened-run.ts';
import { OwnPartials, type OwnPartial } from './own-partials.ts';
import { StarRounds } from './star-rounds.ts';
import { StepReports } from './step-reports.ts';
import { StepStopwatch } from './step-stopwatch.ts';

/** The way to the other trainers of a gang. */
export interface PeerAccess extends GangLinks {
  /** The gang that exchanges from now on; links to others than its members are closed. */
  join(gang: ExchangingGang): void;
  leave(): void;
}

/** What the loop works with. */
export interface TrainLoopParts {
  readonly inbox: Inbox<ComputeCommand>;
  readonly report: (message: ComputeReport) => void;
  readonly opener: RunSource;
  readonly peers: PeerAccess;
  /** It measures, and lets messages pass; it decides nothing. */
  readonly clock: Pick<Clock, 'nowMs' | 'soon'>;
}

/** Runs until the process ends. */
export async function trainLoop(parts: TrainLoopParts): Promise<void> {
  const { inbox, report } = parts;
  const loop = new TrainLoop(parts);
  for (;;) {
    const command = await inbox.take();
    try {
      await loop.take(command);
    } catch (thrown) {
      report(failureOf(thrown, command.kind === 'open' ? command.run.runId : loop.runId));
    }
  }
}

/** What is reported of a failure of the environment; a bug is thrown on. */
function failureOf(thrown: unknown, runId: string): ComputeReport {
  if (!(thrown instanceof WeftError)) throw thrown;
  return { kind: 'failure', runId, code: thrown.code, message: describeError(thrown) };
}

/** A loaded run, and what is computed of it. */
interface OpenRun {
  readonly run: OpenedRun;
  readonly own: OwnPartials;
  /** For a run whose steps have rounds. */
  readonly rounds: StarRounds | undefined;
  /** Where the means of a gang are put together. */
  mean: Float32Array | undefined;
}

class TrainLoop {
  readonly #parts: TrainLoopParts;
  #open: OpenRun | undefined;
  #assignment: Assignment | undefined;
  #gang: DirectGang | undefined;
  /** Nothing of generations before this one counts any more. */
  #fence = 0;
  /** What other ranks sent for a generation or a step that has not come yet. */
  #early: PeerCommand[] = [];
  readonly #steps: StepReports;
  readonly #stopwatch: StepStopwatch;

  constructor(parts: TrainLoopParts) {
    this.#parts = parts;
    const nowMs = (): number => parts.clock.nowMs();
    this.#steps = new StepReports(nowMs, parts.report);
    this.#stopwatch = new StepStopwatch(nowMs);
  }

  get runId(): string {
    return this.#open?.run.run.runId ?? '';
  }

  async take(command: ComputeCommand): Promise<void> {
    switch (command.kind) {
      case 'close':
        await this.#close();
        command.closed();
        return;
      case 'open':
        await this.#close();
        await this.#load(command.run);
        return;
      case 'leave':
        this.#parts.report({ kind: 'leaving', reason: command.reason });
        return;
      default:
        if (this.#open !== undefined) await this.#work(this.#open, command);
    }
  }

  async #work(open: OpenRun, command: Exclude<ComputeCommand, { kind: 'close' | 'open' | 'leave' }>): Promise<void> {
    const { run, own } = open;
    const { runId } = run.run;
    switch (command.kind) {
      case 'load-snapshot':
        await open.rounds?.end();
        run.loadSnapshot(command.bytes);
        invariant(run.position === command.position, 'a snapshot is of the position that it was sent for');
        own.clear();
        this.#reportReady(run);
        return;
      case 'regroup':
        await this.#regroup(open, command.assignment);
        return;
      case 'update':
        await this.#update(open, command);
        return;
      case 'round-sum':
        if (command.position === run.position) open.rounds?.take(command.round, command.sum);
        return;
      case 'peer-partial':
      case 'peer-mean':
        this.#hear(command);
        await this.#goOn(open);
        return;
      case 'hold':
        // In a star the last update says to hold; alone, the mail itself ends the loop.
        if (this.#gang !== undefined) this.#gang.holdWanted = true;
        return;
      case 'settle': {
        this.#stop();
        this.#fence = command.generation;
        this.#stand(run, command.generation, this.#steps.since(command.recorded));
        return;
      }
      case 'evaluate': {
        const chunks: EvaluationChunkSums[] = [];
        for (const { first, end } of command.chunks) {
          for (let index = first; index < end; index++) {
            // Another run waits for this trainer.
            if (this.#parts.inbox.some(({ kind }) => kind === 'close')) return;
            chunks.push(await run.evaluateChunk(command.split, index));
          }
        }
        const { position, weightsDigest } = run;
        this.#parts.report({ kind: 'evaluation', runId, position, split: command.split, chunks, weightsDigest });
        return;
      }
      case 'send-snapshot': {
        const { position, weightsDigest } = run;
        this.#parts.report({ kind: 'snapshot', runId, position, bytes: run.snapshot(), weightsDigest });
        return;
      }
    }
  }

  async #close(): Promise<void> {
    this.#stop();
    this.#early = [];
    this.#fence = 0;
    this.#parts.peers.leave();
    const open = this.#open;
    this.#open = undefined;
    await open?.rounds?.end();
    await open?.run.close();
  }

  async #load(assignment: Parameters<RunSource['open']>[0]): Promise<void> {
    const run = await this.#parts.opener.open(assignment);
    const own = new OwnPartials(run, () => this.#parts.clock.nowMs());
    this.#open = { run, own, rounds: this.#roundsOf(run, own), mean: undefined };
    this.#reportReady(run);
  }

  #roundsOf(run: OpenedRun, own: OwnPartials): StarRounds | undefined {
    if (run.rounds.length === 0) return undefined;
    const { clock } = this.#parts;
    const report = (message: ComputeReport): void => {
      if (message.kind === 'partial') this.#stopwatch.wait();
      this.#parts.report(message);
    };
    const failed = (thrown: unknown): void => {
      report(failureOf(thrown, run.run.runId));
    };
    return new StarRounds({ run, own, report, failed, nowMs: () => clock.nowMs() });
  }

  #reportReady({ run, position, layoutSize, variables, snapshotBytes, weightsDigest, rounds }: OpenedRun): void {
    const { runId, dataSet } = run;
    const facts = { layoutSize, variables, snapshotBytes, weightsDigest, roundSizes: rounds };
    this.#parts.report({ kind: 'ready', runId, position, dataSetIdentity: dataSet.identity, ...facts });
  }

  /** No step is in hand any more. */
  #stop(): void {
    this.#gang = undefined;
    this.#assignment = undefined;
  }

  async #regroup(open: OpenRun, assignment: Assignment): Promise<void> {
    const { run, own } = open;
    const { generation, position, transport, worldSize } = assignment;
    invariant(run.position === position, `regrouped at ${String(position)}, stands at ${String(run.position)}`);
    this.#stop();
    this.#assignment = assignment;
    this.#fence = generation;
    this.#steps.begin();
    if (transport === 'star') {
      await this.#computeShare(open, assignment, assignment.chunks);
      return;
    }
    if (worldSize === 1) {
      await this.#commitAlone(open, assignment);
      return;
    }
    const { peers } = this.#parts;
    peers.join({ runId: run.run.runId, generation, members: assignment.members });
    const mean = (open.mean ??= new Float32Array(run.layoutSize));
    this.#gang = new DirectGang({ run, assignment, own, links: peers, mean });
    await this.#begin(this.#gang, assignment.chunks);
    await this.#goOn(open);
  }

  async #update(open: OpenRun, command: ComputeCommand & { kind: 'update' }): Promise<void> {
    const { run, own } = open;
    const assignment = this.#assignment;
    const waitSeconds = this.#stopwatch.waitSeconds + (open.rounds?.waitedSeconds ?? 0);
    const { position } = command;
    invariant(position === run.position, `an update for ${String(position)} came at ${String(run.position)}`);
    await open.rounds?.end();
    this.#stopwatch.exchange(() => {
      run.apply(command.mean);
      own.clear();
    });
    const reduceSeconds = this.#stopwatch.takeExchangeSeconds();
    const { runId } = run.run;
    this.#parts.report({ kind: 'update-applied', runId, mean: command.mean, waitSeconds, reduceSeconds });
    if (command.hold || assignment === undefined) return;
    await this.#computeShare(open, assignment, shareOf(run, assignment));
  }

  /** In a star: computes and sends, up to the moment at which this trainer is to leave, or the run to be closed. */
  async #computeShare(open: OpenRun, assignment: Assignment, ranges: readonly ChunkRange[]): Promise<void> {
    const { run, own, rounds } = open;
    const { inbox, report } = this.#parts;
    const { runId } = run.run;
    const { generation } = assignment;
    if (rounds !== undefined) {
      rounds.begin(generation, ranges);
      return;
    }
    for (const node of own.nodesOf(ranges)) {
      // A sum that was computed for the others of a gang has not gone to the coordinator.
      if (own.isReported(node)) continue;
      if (inbox.some(({ kind }) => kind === 'leave' || kind === 'close')) return;
      const partial = await own.of(node);
      own.noteReport(node);
      this.#stopwatch.exchange(() => {
        report({ kind: 'partial', runId, generation, position: run.position, ...partial });
      });
    }
    this.#stopwatch.wait();
  }

  #hear(command: PeerCommand): void {
    // Generations begin anew in each run: they do not tell what another one sent for an earlier run.
    if (command.label.runId !== this.runId) return;
    if (command.label.generation < this.#fence) return;
    this.#stopwatch.exchange(() => {
      const verdict = this.#gang?.take(command) ?? 'early';
      if (verdict === 'early') this.#early.push(command);
    });
  }

  async #begin(gang: DirectGang, ranges: readonly ChunkRange[]): Promise<void> {
    const { report, clock } = this.#parts;
    const startedMs = clock.nowMs();
    let busySeconds = 0;
    const computed = ({ examples, loss, correct, chunks, dataSeconds, computeSeconds }: OwnPartial): void => {
      busySeconds += dataSeconds + computeSeconds;
      const times = { chunks, dataSeconds, computeSeconds, waitSeconds: 0, reduceSeconds: 0 };
      report({ kind: 'worked', runId: this.runId, steps: 0, examples, loss, correct, ...times });
    };
    await gang.begin(ranges, computed);
    this.#stopwatch.exchanged((clock.nowMs() - startedMs) / 1000 - busySeconds);
    this.#stopwatch.wait();
    const early = this.#early;
    this.#early = [];
    for (const command of early) this.#hear(command);
  }

  /** Commits whatever the gang has completed, and begins what comes next. */
  async #goOn(open: OpenRun): Promise<void> {
    for (let gang = this.#gang; gang !== undefined; gang = this.#gang) {
      const { outcome } = gang;
      if (outcome === undefined) return;
      this.#commit(open, gang, outcome);
      if (this.#gang !== undefined) await this.#begin(gang, shareOf(open.run, gang.assignment));
    }
  }

  #commit({ run, own }: OpenRun, { assignment }: DirectGang, outcome: DirectOutcome): void {
    const { report } = this.#parts;
    const { mean, sums, digests, finite, hold } = outcome;
    const { waitSeconds } = this.#stopwatch;
    const { position } = run;
    if (finite) {
      this.#stopwatch.exchange(() => {
        run.apply(mean);
        own.clear();
      });
    }
    const reduceSeconds = this.#stopwatch.takeExchangeSeconds();
    const times = { chunks: 0, dataSeconds: 0, computeSeconds: 0, waitSeconds, reduceSeconds };
    report({ kind: 'worked', runId: run.run.runId, steps: 1, examples: 0, loss: 0, correct: 0, ...times });
    const fact = { position, correct: sums.correct, gradientDigest: contributionDigest(digests) };
    if (finite) this.#steps.note({ ...fact, loss: sums.loss });
    else this.#steps.note({ ...fact, loss: NaN, nonFinite: run.nonFiniteIn(mean, sums.loss) });
    const stops = !finite || hold || isEpochEnd(run.run.plan, run.position);
    if (assignment.rank === 0) this.#steps.send(run.run.runId, assignment.generation, stops);
    if (!stops) return;
    this.#stop();
    // Where the step is not finite, the first rank's report ends the run.
    if (finite) this.#stand(run, assignment.generation, []);
  }

  async #commitAlone({ run, own }: OpenRun, assignment: Assignment): Promise<void> {
    const { clock, inbox, report } = this.#parts;
    const { runId, plan } = run.run;
    own.clear();
    let startedMs = clock.nowMs();
    let sums = { steps: 0, chunks: 0, examples: 0, loss: 0, correct: 0 };
    let { dataSeconds, reduceSeconds } = run.spent;
    for (let stops = false; !stops;) {
      const { position, chunkCount } = run;
      const { loss, correct, ...facts } = await run.commitAlone();
      const examples = sums.examples + exampleCountAt(plan, position);
      const [steps, chunks] = [sums.steps + 1, sums.chunks + chunkCount];
      sums = { steps, chunks, examples, loss: sums.loss + loss, correct: sums.correct + correct };
      this.#steps.note({ position, loss, correct, ...facts });
      stops = inbox.hasMail || isEpochEnd(plan, run.position) || !Number.isFinite(loss);
      if (!this.#steps.send(runId, assignment.generation, stops)) continue;
      const times = { dataSeconds: run.spent.dataSeconds - dataSeconds, waitSeconds: 0 };
      const reduced = run.spent.reduceSeconds - reduceSeconds;
      const computeSeconds = Math.max(0, (clock.nowMs() - startedMs) / 1000 - times.dataSeconds - reduced);
      report({ kind: 'worked', runId, ...sums, ...times, computeSeconds, reduceSeconds: reduced });
      sums = { steps: 0, chunks: 0, examples: 0, loss: 0, correct: 0 };
      ({ dataSeconds, reduceSeconds } = run.spent);
      // An engine that computes without a pause would keep messages from being sent and received until the epoch ends.
      await new Promise<void>((resolve) => {
        clock.soon(resolve);
      });
      startedMs = clock.nowMs();
    }
    this.#stop();
    this.#stand(run, assignment.generation, []);
  }

  #stand({ run: { runId }, position }: OpenedRun, generation: number, steps: readonly CommittedStepReport[]): void {
    this.#parts.report({ kind: 'standing', runId, generation, position, steps });
  }
}

/** The chunks of this rank in a step that is divided by the gang's shares. */
function shareOf(run: OpenedRun, { rank, shares }: Assignment): ChunkRange[] {
  const share = assignChunks(run.chunkCount, shares)[rank];
  return share === undefined ? [] : [share];
}
