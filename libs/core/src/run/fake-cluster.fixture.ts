/** A whole cluster in memory, as the run's machine sees it: effects are carried out, answers wait until they are delivered. */
import { expect } from 'vitest';
import { assignChunks, stepsPerEpoch } from '../batch-plan.ts';
import { trainerId, type TrainerId } from '../id.ts';
import { chunksOf, coverRange, type ChunkRange, type TreeNode } from '../reduction-tree.ts';
import type { EarlyStopping, EpochMeans } from './early-stopping.ts';
import type { CommittedStep, RunEffect, RunEvent } from './run-event.ts';
import { RunMachine } from './run-machine.ts';
import { chunkCountAt, evaluationChunkSize, isEpochEnd, type RunPlan } from './run-plan.ts';
import type { TransportSetting } from './transport.ts';

export const plan: RunPlan = {
  batch: { exampleCount: 23, globalBatch: 8, chunkSize: 2 },
  epochs: 3,
  evaluationExamples: { validation: 900, test: 600 },
};

/** Trainers that exchange directly: nobody finishes a step before everyone has begun it. */
interface FakeGang {
  readonly generation: number;
  readonly members: readonly FakeTrainer[];
  /** Everyone stops here. */
  stopAt: number;
}

/** A trainer as the machine sees it: it answers each effect addressed to it with events, later. */
interface FakeTrainer {
  readonly id: TrainerId;
  position: number;
  outbox: RunEvent[];
  gang: FakeGang | undefined;
  /** Of the last generation that it was told of. */
  shares: readonly number[];
  /** Whether it has begun the step at its position. */
  begun: boolean;
  /** In a star: nodes of the step at its position that it was given, and rounds of the step whose sums it knows. */
  nodes: TreeNode[];
  rounds: number;
}

/** What a cluster is made with. */
export interface FakeClusterSettings {
  readonly startTrainers?: number;
  readonly minTrainers?: number;
  readonly transport?: TransportSetting;
  /** Of each step. */
  readonly roundCount?: number;
  readonly earlyStopping?: EarlyStopping;
  /** Epochs that an earlier machine has recorded; their checkpoint is there. */
  readonly recorded?: readonly EpochMeans[];
}

export class FakeCluster {
  readonly machine: RunMachine;
  readonly trainers = new Map<TrainerId, FakeTrainer>();
  readonly committed: number[] = [];
  readonly epochs: number[] = [];
  readonly worldSizes: number[] = [];
  readonly acceptedChunks = new Map<number, number[]>();
  readonly generations: number[] = [];
  readonly notices: string[] = [];
  /** For the round in hand. */
  readonly #roundChunks: number[] = [];
  readonly #roundCount: number;
  /** How often a round was over. */
  roundsOver = 0;
  /** Of the last generation. */
  lastShares: readonly number[] = [];
  /** Trainers that were told to go, in order. */
  readonly closed: TrainerId[] = [];
  /** Answers of the disk, delivered in any order with those of the trainers. */
  readonly disk: RunEvent[] = [];
  ended: (RunEffect & { kind: 'end' }) | undefined;
  /** What the coordinator tells of the step that it has just committed. */
  #summed: RunEvent | undefined;

  constructor(settings: FakeClusterSettings) {
    const { startTrainers = 1, minTrainers = 1, transport = 'star', roundCount = 0, recorded = [] } = settings;
    const { earlyStopping } = settings;
    this.#roundCount = roundCount;
    const checkpoint = recorded.length * stepsPerEpoch(plan.batch);
    for (let position = 0; position < checkpoint; position++) this.committed.push(position);
    const start = { minTrainers, startTrainers, transport, checkpoint, recorded, generation: 0 };
    const watched = earlyStopping === undefined ? plan : { ...plan, earlyStopping };
    this.machine = new RunMachine({ ...start, plan: watched });
  }

  /** `reachable`: whether other trainers can connect to it. */
  add(name: string, reachable = true): void {
    const id = trainerId(name);
    if (this.trainers.has(id)) return;
    const replica = { position: 0, gang: undefined, shares: [], begun: false, nodes: [], rounds: 0 };
    this.trainers.set(id, { id, outbox: [], ...replica });
    this.deliver({ kind: 'trainer-assigned', trainer: id, reachable });
  }

  kill(name: string): void {
    const trainer = this.trainers.get(trainerId(name));
    if (trainer === undefined) return;
    this.trainers.delete(trainer.id);
    this.deliver({ kind: 'trainer-lost', trainer: trainer.id, reason: 'killed' });
  }

  /** Does one thing that can happen now, the `pick`-th; tells whether there was one. */
  deliverOne(pick: number): boolean {
    const trainers = [...this.trainers.values()];
    const outboxes = [...trainers.map(({ outbox }) => outbox), this.disk].filter((outbox) => outbox.length > 0);
    const working = trainers.filter((trainer) => this.#canStep(trainer));
    const chosen = pick % Math.max(1, outboxes.length + working.length);
    const worker = working[chosen - outboxes.length];
    if (worker !== undefined) this.#stepDirectly(worker);
    const event = outboxes[chosen]?.shift();
    if (event !== undefined) this.deliver(event);
    return event !== undefined || worker !== undefined;
  }

  deliver(event: RunEvent): void {
    for (const effect of this.machine.handle(event)) this.#carryOut(effect);
    const sums = this.#summed;
    this.#summed = undefined;
    if (sums !== undefined) this.deliver(sums);
  }

  #carryOut(effect: RunEffect): void {
    switch (effect.kind) {
      case 'open':
        this.#stand(effect.trainer, 0);
        return;
      case 'send-checkpoint':
      case 'send-snapshot':
        for (const trainer of effect.to) this.#stand(trainer, effect.position);
        return;
      case 'request-snapshot':
        expect(this.trainers.get(effect.from)?.position).toBe(effect.position);
        this.#reply(effect.from, { kind: 'snapshot-arrived', trainer: effect.from, position: effect.position });
        return;
      case 'regroup':
        this.#regroup(effect);
        return;
      case 'settle':
        this.#settle(effect);
        return;
      case 'hold': {
        const gang = this.trainers.get(effect.trainer)?.gang;
        const first = gang?.members[0];
        // What the first rank has said of the step in hand cannot be taken back: the one after it is the last.
        if (gang !== undefined && first !== undefined) gang.stopAt = Math.min(gang.stopAt, first.position + 2);
        return;
      }
      case 'accept-partial': {
        const { position } = effect;
        const chunks = this.acceptedChunks.get(position) ?? [];
        const range = chunksOf(effect.node, chunkCountAt(plan, position));
        for (let chunk = range.first; chunk < range.end; chunk++) chunks.push(chunk);
        this.acceptedChunks.set(position, chunks);
        return;
      }
      case 'accept-round-partial': {
        const { first, end } = chunksOf(effect.node, chunkCountAt(plan, effect.position));
        for (let chunk = first; chunk < end; chunk++) this.#roundChunks.push(chunk);
        return;
      }
      case 'send-round':
        this.#endRound(effect);
        return;
      case 'commit':
        this.#commit(effect);
        return;
      case 'record-steps':
        for (const { position, assignments } of effect.steps) {
          this.#record(position);
          expect(tiling(assignments.map(({ chunks }) => chunks))).toBe(chunkCountAt(plan, position));
        }
        return;
      case 'roll-back':
        this.#roundChunks.length = 0;
        expect(effect.position).toBeLessThanOrEqual(this.committed.length);
        this.committed.length = effect.position;
        for (const position of this.acceptedChunks.keys()) {
          if (position >= effect.position) this.acceptedChunks.delete(position);
        }
        return;
      case 'evaluate': {
        const chunks = effect.chunks.flatMap(({ first, end }) =>
          Array.from({ length: end - first }, (_, i) => ({
            index: first + i,
            loss: 1,
            correct: evaluationChunkSize / 2,
          })),
        );
        const { trainer, position, split } = effect;
        expect(this.trainers.get(trainer)?.position ?? position).toBe(position);
        this.#reply(trainer, { kind: 'evaluation', trainer, position, split, chunks, weightsDigest: String(position) });
        return;
      }
      case 'write-checkpoint':
        this.disk.push({ kind: 'checkpoint-written', position: effect.position });
        return;
      case 'record-epoch':
        this.epochs.push(effect.epoch);
        this.worldSizes.push(effect.worldSize);
        return;
      case 'end':
        this.ended = effect;
        return;
      case 'close':
        this.closed.push(effect.trainer);
        this.trainers.delete(effect.trainer);
        return;
      case 'audited':
      case 'notice':
        this.notices.push(effect.text);
        return;
      case 'drop-partial':
        return;
    }
  }

  #reply(to: TrainerId, event: RunEvent): void {
    this.trainers.get(to)?.outbox.push(event);
  }

  #stand(id: TrainerId, position: number): void {
    const trainer = this.trainers.get(id);
    if (trainer === undefined) return;
    trainer.position = position;
    trainer.gang = undefined;
    trainer.begun = false;
    trainer.nodes = [];
    trainer.rounds = 0;
    const roundCount = this.#roundCount;
    trainer.outbox.push({ kind: 'trainer-ready', trainer: id, position, contributionBytes: 400, roundCount });
  }

  #regroup(effect: RunEffect & { kind: 'regroup' }): void {
    this.generations.push(effect.generation);
    const trainer = this.trainers.get(effect.trainer);
    if (trainer === undefined) return;
    expect(trainer.position).toBe(effect.position);
    trainer.shares = this.lastShares = effect.shares;
    expect(effect.members[effect.rank]).toBe(effect.trainer);
    if (effect.transport === 'star') {
      this.#compute(effect.trainer, effect.position, effect.generation, effect.chunks);
      return;
    }
    const members = effect.members.map((id) => this.trainers.get(id)).filter((member) => member !== undefined);
    const known = members.find(
      ({ gang }) => gang?.generation === effect.generation && gang.stopAt > effect.position,
    )?.gang;
    let stopAt = effect.position + 1;
    while (!isEpochEnd(plan, stopAt)) stopAt++;
    trainer.gang = known ?? { generation: effect.generation, members, stopAt };
    trainer.begun = true;
  }

  #canStep(trainer: FakeTrainer): boolean {
    const { gang, position } = trainer;
    if (gang === undefined || position >= gang.stopAt) return false;
    return gang.members.every((member) => member.position > position || (member.position === position && member.begun));
  }

  /** The trainer has heard of everyone, and commits. */
  #stepDirectly(trainer: FakeTrainer): void {
    const { gang, id } = trainer;
    if (gang === undefined) return;
    const { generation, members, stopAt } = gang;
    const steps = [factsOf(trainer.position)];
    trainer.position++;
    trainer.begun = trainer.position < stopAt;
    if (members[0] === trainer) trainer.outbox.push({ kind: 'progress', trainer: id, generation, steps });
    if (trainer.position < stopAt) return;
    trainer.outbox.push({ kind: 'standing', trainer: id, generation, position: stopAt, steps: [] });
  }

  #settle({ trainer: id, generation, recorded }: RunEffect & { kind: 'settle' }): void {
    const trainer = this.trainers.get(id);
    if (trainer === undefined) return;
    trainer.gang = undefined;
    trainer.begun = false;
    const steps = [];
    for (let position = recorded; position < trainer.position; position++) steps.push(factsOf(position));
    trainer.outbox.push({ kind: 'standing', trainer: id, generation, position: trainer.position, steps });
  }

  #compute(trainer: TrainerId, position: number, generation: number, ranges: readonly ChunkRange[]): void {
    for (const range of ranges) {
      for (const node of coverRange(range, chunkCountAt(plan, position))) {
        this.trainers.get(trainer)?.nodes.push(node);
        this.#contribute(trainer, position, generation, node);
      }
    }
  }

  /** Sends what comes next of a node: for the round in hand, or when all are over, the contribution. */
  #contribute(trainer: TrainerId, position: number, generation: number, node: TreeNode): void {
    const round = this.trainers.get(trainer)?.rounds ?? 0;
    const about = { trainer, generation, position, node };
    if (round < this.#roundCount) this.#reply(trainer, { kind: 'round-partial', round, ...about });
    else this.#reply(trainer, { kind: 'partial', ...about });
  }

  #endRound({ position, round, to }: RunEffect & { kind: 'send-round' }): void {
    this.roundsOver++;
    const chunkCount = chunkCountAt(plan, position);
    const chunks = [...this.#roundChunks].sort((a, b) => a - b);
    expect(chunks).toEqual(Array.from({ length: chunkCount }, (_, chunk) => chunk));
    this.#roundChunks.length = 0;
    for (const id of to) {
      const trainer = this.trainers.get(id);
      if (trainer?.position !== position) continue;
      trainer.rounds = round + 1;
      for (const node of trainer.nodes) this.#contribute(id, position, this.machine.generation, node);
    }
  }

  #commit(effect: RunEffect & { kind: 'commit' }): void {
    if (effect.known) expect(effect.position).toBeLessThan(this.committed.length);
    else {
      this.#record(effect.position);
      this.#summed = { ...factsOf(effect.position), kind: 'summed' };
    }
    const chunkCount = chunkCountAt(plan, effect.position);
    const accepted = [...(this.acceptedChunks.get(effect.position) ?? [])].sort((a, b) => a - b);
    expect(accepted).toEqual(Array.from({ length: chunkCount }, (_, chunk) => chunk));
    effect.to.forEach((id, rank) => {
      const trainer = this.trainers.get(id);
      if (trainer === undefined) return;
      trainer.position = effect.position + 1;
      trainer.nodes = [];
      trainer.rounds = 0;
      if (effect.hold) return;
      const share = assignChunks(chunkCountAt(plan, trainer.position), trainer.shares)[rank];
      if (share !== undefined) this.#compute(id, trainer.position, effect.generation, [share]);
    });
  }

  #record(position: number): void {
    expect(position).toBe(this.committed.length);
    this.committed.push(position);
  }
}

function factsOf(position: number): CommittedStep {
  return { position, loss: 1, correct: 1, gradientDigest: String(position) };
}

/** The end of ranges that follow one another from 0, or NaN where they do not. */
function tiling(ranges: readonly ChunkRange[]): number {
  return ranges.reduce((end, range) => (range.first === end ? range.end : NaN), 0);
}
