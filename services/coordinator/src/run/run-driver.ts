/**
 * Carries out what a run's machine decides: messages to trainers, sums, store, checkpoints.
 *
 * Events are taken one at a time, and all effects of one are carried out before the next. Nothing is decided here.
 */
import {
  chunkCountAt,
  chunksOf,
  describeError,
  exampleCountAt,
  RunMachine,
  WeftError,
  type ErrorCode,
  type LedgerAssignment,
  type RunEffect,
  type RunEvent,
  type RunPlan,
  type TrainerId,
} from '@weft/core';
import {
  contributionDigest,
  digestPieces,
  planOf,
  type CompletedTransfer,
  type Partial$ as PartialHeader,
  type Ready,
  type RoundPartial,
  type Snapshot,
  type TransferSubject,
} from '@weft/wire';
import type { TrainerLink } from '../cluster/trainer-link.ts';
import type { StoredRun } from '@weft/store';
import { BufferPool } from './buffer-pool.ts';
import { LedgerRecorder } from './ledger-recorder.ts';
import { ReplicaFacts } from './replica-facts.ts';
import { RoundSums } from './round-sums.ts';
import type { RunContext } from './run-context.ts';
import { RunRecord } from './run-record.ts';
import { startTrainersOf } from './start-trainers.ts';
import { StepReduction, type PartialSum } from './step-reduction.ts';
import { TrainerMessages } from './trainer-messages.ts';
import { partialEvent, roundPartialEvent } from './trainer-reports.ts';
import { UpdateBacklog } from './update-backlog.ts';

export class RunDriver {
  readonly run: StoredRun;
  readonly plan: RunPlan;
  readonly record: RunRecord;
  readonly #context: RunContext;
  readonly #machine: RunMachine;
  readonly #ledger: LedgerRecorder;
  readonly #replicas: ReplicaFacts;
  readonly #messages: TrainerMessages;
  readonly #rounds = new RoundSums();
  readonly #backlog = new UpdateBacklog((full) => {
    this.post({ kind: 'backlog', full });
  });
  readonly #events: RunEvent[] = [];
  #handling = false;
  #ending = false;
  #abandoned = false;
  /** Checkpoints that were begun to be written. */
  #writes = 0;
  #pool = new BufferPool(0);
  #reduction: StepReduction | undefined;
  #shares: LedgerAssignment[] = [];
  #incoming: PartialSum | undefined;
  #unrecorded: (() => void) | undefined;
  #snapshot: { readonly position: number; readonly bytes: Uint8Array } | undefined;

  constructor(run: StoredRun, context: RunContext) {
    this.run = run;
    this.#context = context;
    this.plan = planOf(run.configuration);
    const recorded = context.store.epochs(run.runId);
    const { checkpoint, generation, minTrainers } = run;
    // Only the coordinator adds in another order than that of the tree.
    const transport = context.reduction === 'arrival' ? 'star' : run.transport;
    const trainers = { minTrainers, startTrainers: startTrainersOf(run), transport };
    this.#machine = new RunMachine({ plan: this.plan, ...trainers, checkpoint, recorded, generation });
    this.#ledger = new LedgerRecorder(context.store, run, checkpoint);
    this.#replicas = new ReplicaFacts(run.engineFingerprint);
    this.#messages = new TrainerMessages(run, context);
    this.record = new RunRecord(run, this.plan, this.#machine, context);
  }

  /** Takes an event, and carries out what follows from it before it returns, except for files and large transfers. */
  post(event: RunEvent): void {
    if (this.#abandoned) return;
    this.#events.push(event);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#handle(next);
    } finally {
      this.#handling = false;
    }
  }

  /** Takes no event any more: another driver has the run. */
  abandon(): void {
    this.#abandoned = true;
  }

  #handle(event: RunEvent): void {
    const before = this.#machine.status;
    try {
      // A step that has just been committed is on record only when its update is on its way.
      if (event.kind !== 'summed') this.#settle();
      for (const effect of this.#machine.handle(event)) this.#carryOut(effect);
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      // A run whose end cannot be stored would stay under way for ever.
      if (this.#ending) this.#context.fail(thrown);
      else this.#events.push({ kind: 'failed', code: ownCode(thrown), message: describeError(thrown) });
    }
    if (this.#machine.status !== before) this.record.statusChanged();
  }

  /** Trainers without which the run does not go on. */
  get required(): number {
    return this.#machine.required;
  }

  /** Whether the trainer takes part in the current generation. */
  hasMember(trainer: TrainerId): boolean {
    return this.#machine.members.includes(trainer);
  }

  /** A trainer says that it cannot take part, or is found so. */
  takeFailure(trainer: TrainerId, code: ErrorCode, message: string): void {
    this.post({ kind: 'trainer-failed', trainer, code, message, others: this.#context.couldJoin(this.run.runId) });
  }

  /** A trainer says that it has loaded the run. */
  takeReady(link: TrainerLink, ready: Ready): void {
    const problem = this.#replicas.problemOf(link.hello.engineFingerprint, ready);
    if (problem !== undefined) {
      this.takeFailure(link.id, problem.code, problem.message);
      return;
    }
    if (this.#pool.length === 0) this.#pool = new BufferPool(Number(ready.layoutSize));
    try {
      this.record.useEngine(link.hello.engineFingerprint);
    } catch (thrown) {
      // The disk of the coordinator is not the trainer's fault: the run ends, the trainer's stream does not.
      this.#fail(thrown);
      return;
    }
    this.#rounds.sizes = ready.roundSizes;
    const [contributionBytes, roundCount] = [Number(ready.layoutSize) * 4, ready.roundSizes.length];
    this.post({
      ...{ kind: 'trainer-ready', trainer: link.id, position: Number(ready.position) },
      ...{ contributionBytes, roundCount },
    });
  }

  /** Where an incoming transfer goes: see `TransferReceiver.begin`. */
  begin(about: TransferSubject, totalBytes: number): Uint8Array | 'discard' | WeftError {
    if (about.case === 'snapshot') {
      const problem = this.#replicas.snapshotProblem(totalBytes);
      return problem ?? new Uint8Array(totalBytes);
    }
    if (about.case === 'roundPartial') {
      const isStale = Number(about.value.position) !== this.#machine.position;
      return isStale ? 'discard' : this.#rounds.begin(about.value, totalBytes);
    }
    if (about.case !== 'partial') {
      return new WeftError('invalid-argument', `a trainer does not send a transfer of kind ${about.case}`);
    }
    // Of an earlier turn of this run, or of a step that is over.
    if (this.#pool.length === 0 || Number(about.value.position) !== this.#machine.position) return 'discard';
    const expected = this.#pool.length * 4;
    if (totalBytes !== expected) {
      const wanted = `${String(expected)} (${String(this.#pool.length)} float32 values, the layout of run ${this.run.runId})`;
      return new WeftError(
        'invalid-argument',
        `a partial of ${String(totalBytes)} bytes was sent; it must have ${wanted}`,
      );
    }
    return new Uint8Array(this.#pool.acquire().buffer);
  }

  /** A whole transfer has arrived. */
  takeTransfer(trainer: TrainerId, transfer: CompletedTransfer): void {
    const { about, bytes } = transfer;
    if (bytes === undefined) return;
    this.#context.metrics.training.framesMoved('received', bytes.length);
    if (about.case === 'partial' && bytes.length !== this.#pool.length * 4) return;
    if (about.case === 'partial') this.#takePartial(trainer, about.value, bytes);
    else if (about.case === 'snapshot') this.#takeSnapshot(trainer, about.value, bytes);
    else if (about.case === 'roundPartial') this.#takeRoundPartial(trainer, about.value, bytes);
  }

  #takeRoundPartial(trainer: TrainerId, header: RoundPartial, bytes: Uint8Array): void {
    this.#rounds.take(bytes);
    this.post(roundPartialEvent(trainer, header));
  }

  #takePartial(trainer: TrainerId, header: PartialHeader, bytes: Uint8Array): void {
    const contribution = new Float32Array(bytes.buffer as ArrayBuffer);
    this.#incoming = { contribution, lossSum: header.lossSum, correctCount: Number(header.correctCount) };
    this.post(partialEvent(trainer, header));
  }

  #takeSnapshot(trainer: TrainerId, header: Snapshot, bytes: Uint8Array): void {
    const position = Number(header.position);
    this.#snapshot = { position, bytes };
    this.post({ kind: 'snapshot-arrived', trainer, position });
  }

  #carryOut(effect: RunEffect): void {
    const { runId } = this.run;
    switch (effect.kind) {
      case 'open':
      case 'request-snapshot':
      case 'settle':
      case 'hold':
      case 'evaluate':
        this.#messages.tell(effect);
        return;
      case 'send-checkpoint':
        this.#sendCheckpoint(effect.position, effect.to);
        return;
      case 'send-snapshot':
        if (this.#snapshot !== undefined)
          this.#messages.sendSnapshot(effect.position, this.#messages.links(effect.to), this.#snapshot.bytes);
        return;
      case 'regroup':
        this.#snapshot = undefined;
        this.record.regrouped(effect);
        this.#messages.regroup(effect);
        return;
      case 'accept-partial':
        this.#acceptPartial(effect);
        return;
      case 'accept-round-partial':
        this.#rounds.accept(effect.node, chunkCountAt(this.plan, effect.position));
        return;
      case 'send-round':
        this.#messages.sendRound(effect, this.#rounds.finish());
        return;
      case 'drop-partial':
        if (this.#incoming !== undefined) this.#pool.release(this.#incoming.contribution);
        this.#incoming = undefined;
        this.#context.log.debug('partial dropped', { run: runId, trainer: effect.trainer, reason: effect.reason });
        return;
      case 'commit':
        this.#commit(effect);
        return;
      case 'record-steps':
        for (const step of effect.steps) {
          this.#ledger.append(step);
          this.record.committedStep(step.position, step.loss, step.correct);
        }
        return;
      case 'roll-back':
        this.#reduction = undefined;
        this.#rounds.clear();
        this.#ledger.rollBack(effect.position);
        this.record.rolledBack();
        return;
      case 'write-checkpoint':
        this.#writeCheckpoint(effect.position);
        return;
      case 'record-epoch':
        this.#ledger.flush();
        this.record.epochEnded(effect);
        return;
      case 'close':
        this.#messages.send(effect.trainer, { case: 'closeRun', value: { runId, reason: effect.reason } });
        this.#context.trainerReleased(runId, effect.trainer);
        return;
      case 'audited':
        this.record.audited(effect);
        return;
      case 'notice':
        this.record.notice(effect.text);
        return;
      case 'end':
        this.#ending = true;
        this.#ledger.flush();
        this.record.ended(effect.outcome, this.#ledger.digest);
        this.#context.runEnded(runId);
        return;
    }
  }

  #acceptPartial(effect: RunEffect & { kind: 'accept-partial' }): void {
    const partial = this.#incoming;
    this.#incoming = undefined;
    if (partial === undefined) return;
    const chunkCount = chunkCountAt(this.plan, effect.position);
    if (this.#reduction === undefined) {
      this.#reduction = new StepReduction(chunkCount, this.#pool, this.#context.reduction);
      this.#shares = [];
    }
    this.#reduction.give(effect.node, partial);
    const chunks = chunksOf(effect.node, chunkCount);
    this.#shares.push({ trainer: effect.trainer, chunks, attempt: effect.attempt });
  }

  #commit(effect: RunEffect & { kind: 'commit' }): void {
    const { position, generation, known } = effect;
    const reduction = this.#reduction;
    if (reduction === undefined) return;
    this.#reduction = undefined;
    const examples = exampleCountAt(this.plan, position);
    const { contribution, lossSum, correctCount, finite } = reduction.finish(examples);
    if (!finite) {
      const variable = this.#replicas.variableAt(contribution.findIndex((value) => !Number.isFinite(value)));
      this.#pool.release(contribution);
      this.post({ kind: 'non-finite', position, what: { loss: !Number.isFinite(lossSum), variable } });
      return;
    }
    const bytes = new Uint8Array(contribution.buffer, contribution.byteOffset, contribution.byteLength);
    let unfinished = known ? 1 : 2;
    const finished = (): void => {
      if (--unfinished === 0) this.#pool.release(contribution);
    };
    if (!known) this.post({ kind: 'summed', position, loss: lossSum, correct: correctCount });
    this.#messages.sendUpdate(effect, bytes, this.#backlog.begin(finished));
    if (known) return;
    this.record.committedStep(position, lossSum, correctCount);
    const assignments = this.#shares.sort((a, b) => a.chunks.first - b.chunks.first);
    this.#recordLater(() => {
      const gradientDigest = contributionDigest(digestPieces(contribution)).toString('hex');
      const sums = { loss: lossSum, correct: correctCount };
      this.#ledger.append({ position, generation, assignments, ...sums, gradientDigest });
      finished();
    });
  }

  /** Writes a ledger line once the update is on its way, or before anything else happens to the run. */
  #recordLater(record: () => void): void {
    this.#unrecorded = record;
    this.#context.soon(() => {
      try {
        this.#settle();
      } catch (thrown) {
        if (!(thrown instanceof WeftError)) throw thrown;
        this.#fail(thrown);
      }
    });
  }

  #settle(): void {
    const record = this.#unrecorded;
    this.#unrecorded = undefined;
    record?.();
  }

  #sendCheckpoint(position: number, to: readonly TrainerId[]): void {
    // Those of now: a trainer that attaches again while the file is read begins anew.
    const links = this.#messages.links(to);
    this.#context.checkpoints.read(this.run.runId, position).then(
      (bytes) => {
        if (!this.#abandoned) this.#messages.sendSnapshot(position, links, bytes);
      },
      (thrown: unknown) => {
        const lost = thrown instanceof WeftError && (thrown.code === 'corrupt' || thrown.code === 'not-found');
        if (!lost) this.#fail(thrown);
        else if (!this.#abandoned) this.#context.checkpointLost(this.run.runId, position, thrown);
      },
    );
  }

  #writeCheckpoint(position: number): void {
    const bytes = this.#snapshot?.bytes;
    if (bytes === undefined) return;
    const startedMs = this.#context.nowMs();
    const write = ++this.#writes;
    this.#context.checkpoints.write(this.run.runId, position, bytes).then(
      (file) => {
        this.record.checkpointWritten(file, (this.#context.nowMs() - startedMs) / 1000);
        // A boundary that has come again after a roll-back waits for its own write, not for an earlier one of the same position.
        if (write === this.#writes) this.post({ kind: 'checkpoint-written', position });
      },
      (thrown: unknown) => {
        this.#fail(thrown);
      },
    );
  }

  #fail(thrown: unknown): void {
    this.post({ kind: 'failed', code: ownCode(thrown), message: describeError(thrown) });
  }
}

/** The code of a failure of the coordinator itself. Its full disk says nothing about the run: with space the run goes on. */
function ownCode(thrown: unknown): ErrorCode {
  if (!(thrown instanceof WeftError)) return 'internal';
  return thrown.code === 'resource-exhausted' ? 'unavailable' : thrown.code;
}
