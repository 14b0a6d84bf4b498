/**
 * Decides the course of one run: who takes part, who computes what, when a step is committed, when the run pauses.
 *
 * Fed events, it returns effects; it sees no clock, no network and no float. Given the same events in the same order it
 * returns the same effects. What the trainers compute and in which order sums are added follows from the plan alone, so
 * nothing decided here can change a result: only when it is there.
 */
import type { TrainerId } from '../id.ts';
import { chunksOf } from '../reduction-tree.ts';
import { Boundary, type EvaluationRequest } from './boundary.ts';
import { Candidates } from './candidates.ts';
import { ChunkLedger } from './chunk-ledger.ts';
import { rejectPartial } from './partial-verdict.ts';
import { regroupEffects } from './regroup.ts';
import { describePhase, type RunPhase } from './run-phase.ts';
import type { RunEffect, RunEvent, RunOutcome } from './run-event.ts';
import { chunkCountAt, describeStep, isEpochEnd, stepAt, totalSteps, type RunPlan } from './run-plan.ts';
import type { RunStart } from './run-start.ts';

export class RunMachine {
  readonly #plan: RunPlan;
  readonly #minTrainers: number;
  readonly #candidates = new Candidates();
  #phase: RunPhase = { kind: 'waiting' };
  #members: readonly TrainerId[] = [];
  #checkpoint: number;
  #recordedEpochs: number;
  #position: number;
  #generation: number;
  #hold = false;
  #started = false;
  #effects: RunEffect[] = [];

  constructor(start: RunStart) {
    this.#plan = start.plan;
    this.#minTrainers = start.minTrainers;
    this.#checkpoint = start.checkpoint;
    this.#position = start.checkpoint;
    this.#recordedEpochs = start.recordedEpochs;
    this.#generation = start.generation;
  }

  /** Steps committed. */
  get position(): number {
    return this.#position;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Trainers of the current generation, in rank order. */
  get members(): readonly TrainerId[] {
    return this.#members;
  }

  /** What the run is doing, and why, for people. */
  get status(): string {
    const ready = this.#candidates.ready().length;
    return describePhase(this.#phase, { members: this.#members.length, ready, required: this.#required() });
  }

  /** Takes one event and returns what is to be done, in order. After the end, nothing is. */
  handle(event: RunEvent): RunEffect[] {
    this.#effects = [];
    if (this.#phase.kind !== 'ended') this.#take(event);
    return this.#effects;
  }

  #take(event: RunEvent): void {
    switch (event.kind) {
      case 'trainer-assigned':
        this.#open(event.trainer);
        return;
      case 'trainer-ready':
        this.#ready(event.trainer, event.position);
        return;
      case 'trainer-lost':
        this.#lose(event.trainer, event.reason);
        return;
      case 'trainer-failed':
        this.#fail(event);
        return;
      case 'partial':
        this.#takePartial(event);
        return;
      case 'non-finite':
        this.#diverge(event.position);
        return;
      case 'solo-progress':
        this.#takeSoloProgress(event);
        return;
      case 'evaluation':
        this.#takeEvaluation(event);
        return;
      case 'snapshot-arrived':
        this.#takeSnapshot(event.trainer, event.position);
        return;
      case 'checkpoint-written':
        this.#takeCheckpoint(event.position);
        return;
      case 'failed':
        this.#end({ kind: 'failed', code: event.code, message: event.message });
        return;
      case 'cancelled':
        this.#end({ kind: 'cancelled', message: event.reason });
        return;
    }
  }

  #required(): number {
    return this.#started ? 1 : this.#minTrainers;
  }

  #open(trainer: TrainerId): void {
    this.#candidates.await(trainer);
    this.#effects.push({ kind: 'open', trainer });
  }

  #ready(trainer: TrainerId, position: number): void {
    if (!this.#candidates.has(trainer)) return;
    this.#candidates.answer(trainer, position);
    switch (this.#phase.kind) {
      case 'waiting':
        this.#startWhenReady();
        return;
      case 'solo':
        this.#askForHold();
        return;
      case 'training':
        this.#hold = true;
        return;
      case 'boundary':
        this.#phase.boundary.synced(trainer);
        this.#advanceBoundary();
        return;
      case 'ended':
        return;
    }
  }

  #askForHold(): void {
    const [only] = this.#members;
    if (this.#hold || only === undefined) return;
    this.#hold = true;
    this.#effects.push({ kind: 'hold', trainer: only });
  }

  /** From `waiting`: brings the ready candidates to the run's position, and starts when enough stand there. */
  #startWhenReady(): void {
    if (this.#candidates.ready().length < this.#required()) return;
    const elsewhere = this.#candidates.elsewhere(this.#position);
    if (elsewhere.length > 0) this.#bring(elsewhere);
    else {
      this.#started = true;
      this.#admit();
      if (this.#isRecorded() && this.#position < totalSteps(this.#plan)) this.#regroup();
      else this.#openBoundary();
    }
  }

  /** Brings replicas to the run's position, which is that of its checkpoint, or the start. */
  #bring(trainers: readonly TrainerId[]): void {
    for (const trainer of trainers) {
      if (this.#position === 0) this.#open(trainer);
      else this.#candidates.await(trainer);
    }
    if (this.#position > 0) this.#effects.push({ kind: 'send-checkpoint', position: this.#position, to: trainers });
  }

  /** Makes members of the candidates that stand at the run's position. Ranks follow the ids. */
  #admit(): void {
    const joining = this.#candidates.at(this.#position);
    if (joining.length === 0) return;
    for (const trainer of joining) this.#candidates.remove(trainer);
    this.#generation++;
    this.#members = [...this.#members, ...joining].sort();
  }

  /** Starts work on the step at the current position, with everyone who stands there. */
  #regroup(): void {
    this.#admit();
    this.#hold = false;
    const chunks = this.#members.length === 1 ? undefined : this.#assign();
    this.#phase = chunks === undefined ? { kind: 'solo' } : { kind: 'training', chunks };
    this.#announce(chunks);
  }

  #assign(): ChunkLedger {
    return new ChunkLedger(chunkCountAt(this.#plan, this.#position), this.#members);
  }

  #announce(chunks: ChunkLedger | undefined): void {
    const generation = { number: this.#generation, members: this.#members, position: this.#position };
    this.#effects.push(...regroupEffects(generation, chunks));
  }

  #takePartial(event: RunEvent & { kind: 'partial' }): void {
    const { trainer, node } = event;
    if (this.#phase.kind !== 'training') {
      this.#effects.push({ kind: 'drop-partial', trainer, reason: 'no step is in hand' });
      return;
    }
    const { chunks } = this.#phase;
    const step = { position: this.#position, generation: this.#generation, members: this.#members, chunks };
    const reason = rejectPartial(step, event);
    if (reason !== undefined) {
      this.#effects.push({ kind: 'drop-partial', trainer, reason });
      return;
    }
    const range = chunksOf(node, chunks.chunkCount);
    chunks.arrive(range);
    this.#effects.push({ kind: 'accept-partial', trainer, node, attempt: chunks.attemptOf(range) });
    if (chunks.complete) this.#commit();
  }

  #commit(): void {
    const position = this.#position;
    this.#position++;
    const pause = this.#hold || this.#members.length === 1 || isEpochEnd(this.#plan, this.#position);
    this.#effects.push({
      kind: 'commit',
      position,
      generation: this.#generation,
      hold: pause,
      to: this.#members,
    });
    if (pause) this.#openBoundary();
    else this.#phase = { kind: 'training', chunks: this.#assign() };
  }

  #takeSoloProgress(event: RunEvent & { kind: 'solo-progress' }): void {
    if (this.#phase.kind !== 'solo' || event.trainer !== this.#members[0] || event.generation !== this.#generation)
      return;
    const outOfTurn = event.steps.find((step, index) => step.position !== this.#position + index);
    if (outOfTurn !== undefined) {
      const message = `sent position ${String(outOfTurn.position)} out of turn`;
      this.#fail({ kind: 'trainer-failed', trainer: event.trainer, code: 'internal', message });
      return;
    }
    const bad = event.steps.findIndex((step) => !Number.isFinite(step.loss));
    const steps = bad === -1 ? event.steps : event.steps.slice(0, bad);
    this.#position += steps.length;
    if (steps.length > 0) this.#effects.push({ kind: 'record-solo-steps', trainer: event.trainer, steps });
    if (bad !== -1) this.#diverge(this.#position);
    else if (event.holding) this.#openBoundary();
  }

  /** Whether the store has the result of the epoch that ended last. */
  #isRecorded(): boolean {
    return this.#recordedEpochs >= stepAt(this.#plan, this.#position).epoch;
  }

  #openBoundary(): void {
    const boundary = new Boundary(this.#plan, this.#position, this.#members, this.#isRecorded());
    this.#phase = { kind: 'boundary', boundary };
    this.#evaluate(boundary, boundary.requests(this.#members));
    this.#advanceBoundary();
  }

  #evaluate({ position }: Boundary, requests: readonly EvaluationRequest[]): void {
    for (const request of requests) this.#effects.push({ kind: 'evaluate', position, ...request });
  }

  #takeEvaluation(event: RunEvent & { kind: 'evaluation' }): void {
    if (this.#phase.kind !== 'boundary' || !this.#members.includes(event.trainer)) return;
    this.#phase.boundary.takeEvaluation(event);
    this.#advanceBoundary();
  }

  #takeSnapshot(trainer: TrainerId, position: number): void {
    if (this.#phase.kind !== 'boundary') return;
    this.#phase.boundary.takeSnapshot(trainer, position);
    this.#advanceBoundary();
  }

  #takeCheckpoint(position: number): void {
    if (this.#phase.kind !== 'boundary') return;
    this.#phase.boundary.takeCheckpoint(position);
    this.#advanceBoundary();
  }

  /** Does whatever of the boundary can be done now, and leaves it when all is done. */
  #advanceBoundary(): void {
    if (this.#phase.kind !== 'boundary') return;
    const { boundary } = this.#phase;
    const { position } = boundary;
    const isLast = position === totalSteps(this.#plan);
    const behind = isLast ? [] : this.#candidates.elsewhere(position);
    for (const action of boundary.advance(this.#members, behind)) {
      switch (action.kind) {
        case 'request-snapshot':
          this.#effects.push({ kind: 'request-snapshot', from: action.from, position });
          break;
        case 'write-checkpoint':
          this.#effects.push({ kind: 'write-checkpoint', position });
          break;
        case 'send-snapshot':
          for (const trainer of action.to) this.#candidates.await(trainer);
          this.#effects.push({ kind: 'send-snapshot', position, to: action.to });
          break;
        case 'dissent': {
          const message = `replicas differ at position ${String(position)}: ${action.trainers.join(', ')}`;
          this.#end({ kind: 'failed', code: 'corrupt', message });
          break;
        }
        case 'leave':
          this.#leaveBoundary(boundary);
          break;
      }
    }
  }

  #leaveBoundary(boundary: Boundary): void {
    const { validation, test, weightsDigest } = boundary.results();
    if (validation !== undefined) {
      const epoch = stepAt(this.#plan, boundary.position - 1).epoch + 1;
      this.#effects.push({
        kind: 'record-epoch',
        epoch,
        position: boundary.position,
        validation,
        weightsDigest,
        generation: this.#generation,
        worldSize: this.#members.length,
      });
      // Only now: to go back to a checkpoint without its epoch's result would lose what the epoch was trained with.
      this.#recordedEpochs = epoch;
      this.#checkpoint = boundary.position;
    }
    if (test !== undefined) this.#end({ kind: 'finished', test, weightsDigest });
    else this.#regroup();
  }

  #lose(trainer: TrainerId, reason: string): void {
    const phase = this.#phase;
    this.#candidates.remove(trainer);
    if (phase.kind === 'boundary') phase.boundary.synced(trainer);
    if (!this.#members.includes(trainer)) {
      if (phase.kind === 'waiting') this.#startWhenReady();
      else this.#advanceBoundary();
      return;
    }
    this.#members = this.#members.filter((member) => member !== trainer);
    this.#effects.push({ kind: 'notice', text: `trainer ${trainer} lost: ${reason}` });
    if (this.#members.length === 0) {
      this.#rollBack();
      return;
    }
    this.#generation++;
    if (phase.kind === 'training') {
      phase.chunks.reassign(trainer, this.#members);
      this.#announce(phase.chunks);
    } else if (phase.kind === 'boundary') {
      this.#evaluate(phase.boundary, phase.boundary.withdraw(trainer, this.#members));
      this.#advanceBoundary();
    }
  }

  /** No replica is left: the run goes back to the checkpoint of its last recorded epoch and waits. */
  #rollBack(): void {
    this.#phase = { kind: 'waiting' };
    this.#position = this.#checkpoint;
    this.#hold = false;
    this.#effects.push({ kind: 'roll-back', position: this.#checkpoint });
    for (const trainer of this.#candidates.ready()) this.#open(trainer);
  }

  #fail(event: RunEvent & { kind: 'trainer-failed' }): void {
    if (!this.#candidates.has(event.trainer) && !this.#members.includes(event.trainer)) return;
    this.#effects.push({ kind: 'notice', text: `trainer ${event.trainer} cannot take part: ${event.message}` });
    this.#effects.push({ kind: 'close', trainer: event.trainer, reason: event.message });
    this.#lose(event.trainer, event.message);
    if (this.#phase.kind !== 'waiting' || this.#candidates.size >= this.#required()) return;
    this.#end({ kind: 'failed', code: event.code, message: `trainer ${event.trainer}: ${event.message}` });
  }

  #diverge(position: number): void {
    const where = describeStep(this.#plan, position);
    this.#end({ kind: 'diverged', message: `the loss or the gradient is not finite in ${where}` });
  }

  #end(outcome: RunOutcome): void {
    this.#phase = { kind: 'ended', outcome };
    this.#effects.push({ kind: 'end', outcome });
    const reason = outcome.kind === 'finished' ? 'finished' : outcome.message;
    for (const trainer of [...this.#members, ...this.#candidates.all()].sort()) {
      this.#effects.push({ kind: 'close', trainer, reason });
    }
    this.#members = [];
    this.#candidates.clear();
  }
}
