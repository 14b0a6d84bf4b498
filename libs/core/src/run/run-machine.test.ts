import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainerId, type TrainerId } from '../id.ts';
import { chunksOf, coverRange } from '../reduction-tree.ts';
import type { RunEffect, RunEvent } from './run-event.ts';
import { RunMachine } from './run-machine.ts';
import { chunkCountAt, evaluationChunkSize, isEpochEnd, totalSteps, type RunPlan } from './run-plan.ts';

const plan: RunPlan = {
  batch: { exampleCount: 23, globalBatch: 8, chunkSize: 2 },
  epochs: 3,
  evaluationExamples: { validation: 900, test: 600 },
};

/** A trainer as the machine sees it: it answers each effect addressed to it with events, later. */
interface FakeTrainer {
  position: number;
  outbox: RunEvent[];
}

/** A whole cluster in memory: effects are carried out, answers wait in each trainer's outbox until they are delivered. */
class FakeCluster {
  readonly machine: RunMachine;
  readonly trainers = new Map<TrainerId, FakeTrainer>();
  readonly committed: number[] = [];
  readonly epochs: number[] = [];
  readonly worldSizes: number[] = [];
  readonly acceptedChunks = new Map<number, number[]>();
  readonly generations: number[] = [];
  /** Answers of the disk, delivered in any order with those of the trainers. */
  readonly disk: RunEvent[] = [];
  ended: (RunEffect & { kind: 'end' }) | undefined;

  constructor(minTrainers: number) {
    this.machine = new RunMachine({ plan, minTrainers, checkpoint: 0, recordedEpochs: 0, generation: 0 });
  }

  add(name: string): void {
    const trainer = trainerId(name);
    if (this.trainers.has(trainer)) return;
    this.trainers.set(trainer, { position: 0, outbox: [] });
    this.deliver({ kind: 'trainer-assigned', trainer });
  }

  kill(name: string): void {
    const trainer = trainerId(name);
    if (this.trainers.delete(trainer)) this.deliver({ kind: 'trainer-lost', trainer, reason: 'killed' });
  }

  /** Delivers the oldest answer of the `pick`-th trainer, or disk, that has one; tells whether there was one. */
  deliverOne(pick: number): boolean {
    const outboxes = [...[...this.trainers.values()].map(({ outbox }) => outbox), this.disk];
    const busy = outboxes.filter((outbox) => outbox.length > 0);
    const event = busy[pick % Math.max(1, busy.length)]?.shift();
    if (event !== undefined) this.deliver(event);
    return event !== undefined;
  }

  deliver(event: RunEvent): void {
    for (const effect of this.machine.handle(event)) this.#carryOut(effect);
  }

  #carryOut(effect: RunEffect): void {
    switch (effect.kind) {
      case 'open':
        this.#reply(effect.trainer, { kind: 'trainer-ready', trainer: effect.trainer, position: 0 }, 0);
        return;
      case 'send-checkpoint':
      case 'send-snapshot':
        for (const trainer of effect.to) {
          this.#reply(trainer, { kind: 'trainer-ready', trainer, position: effect.position }, effect.position);
        }
        return;
      case 'request-snapshot':
        expect(this.trainers.get(effect.from)?.position).toBe(effect.position);
        this.#reply(effect.from, { kind: 'snapshot-arrived', trainer: effect.from, position: effect.position });
        return;
      case 'regroup':
        this.#train(effect);
        return;
      case 'accept-partial': {
        const chunks = this.acceptedChunks.get(this.#acceptPosition()) ?? [];
        const range = chunksOf(effect.node, chunkCountAt(plan, this.#acceptPosition()));
        for (let chunk = range.first; chunk < range.end; chunk++) chunks.push(chunk);
        this.acceptedChunks.set(this.#acceptPosition(), chunks);
        return;
      }
      case 'commit':
        this.#commit(effect);
        return;
      case 'record-solo-steps':
        for (const step of effect.steps) this.#record(step.position);
        return;
      case 'roll-back':
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
      case 'drop-partial':
      case 'hold': // a solo trainer of this fake holds of itself after two steps
      case 'close':
      case 'notice':
        return;
    }
  }

  /** `commit` follows the last `accept-partial` in one batch of effects, when the machine has already advanced. */
  #acceptPosition(): number {
    return this.committed.length;
  }

  #reply(to: TrainerId, event: RunEvent, position?: number): void {
    const trainer = this.trainers.get(to);
    if (trainer === undefined) return;
    if (position !== undefined) trainer.position = position;
    trainer.outbox.push(event);
  }

  #train(effect: RunEffect & { kind: 'regroup' }): void {
    this.generations.push(effect.generation);
    const trainer = this.trainers.get(effect.trainer);
    if (trainer === undefined) return;
    expect(trainer.position).toBe(effect.position);
    if (effect.solo) this.#solo(effect.trainer, effect.position);
    else this.#compute(effect.trainer, effect.position, effect.generation, effect.chunks);
  }

  #compute(
    trainer: TrainerId,
    position: number,
    generation: number,
    ranges: readonly { first: number; end: number }[],
  ): void {
    for (const range of ranges) {
      for (const node of coverRange(range, chunkCountAt(plan, position))) {
        this.#reply(trainer, { kind: 'partial', trainer, generation, position, node });
      }
    }
  }

  /** Commits two steps, or one at the end of an epoch, and holds. */
  #solo(id: TrainerId, position: number): void {
    const trainer = this.trainers.get(id);
    if (trainer?.position !== position) return;
    const steps = [];
    do {
      steps.push({ position: trainer.position, loss: 1, correct: 1 });
      trainer.position++;
    } while (steps.length < 2 && !isEpochEnd(plan, trainer.position));
    const { generation } = this.machine;
    trainer.outbox.push({ kind: 'solo-progress', trainer: id, generation, steps, holding: true });
  }

  #commit(effect: RunEffect & { kind: 'commit' }): void {
    this.#record(effect.position);
    const chunkCount = chunkCountAt(plan, effect.position);
    const accepted = [...(this.acceptedChunks.get(effect.position) ?? [])].sort((a, b) => a - b);
    expect(accepted).toEqual(Array.from({ length: chunkCount }, (_, chunk) => chunk));
    effect.to.forEach((id, rank) => {
      const trainer = this.trainers.get(id);
      if (trainer === undefined) return;
      trainer.position = effect.position + 1;
      if (effect.hold) return;
      const count = chunkCountAt(plan, trainer.position);
      const first = Math.floor((rank * count) / effect.to.length);
      const end = Math.floor(((rank + 1) * count) / effect.to.length);
      this.#compute(id, trainer.position, effect.generation, [{ first, end }]);
    });
  }

  #record(position: number): void {
    expect(position).toBe(this.committed.length);
    this.committed.push(position);
  }
}

function runToTheEnd(cluster: FakeCluster): void {
  for (let i = 0; i < 10_000 && cluster.ended === undefined && cluster.deliverOne(0); i++);
}

test.each([1, 2, 3, 5])('%i undisturbed trainers commit every step once and record every epoch', (count) => {
  const cluster = new FakeCluster(count);
  for (let i = 0; i < count; i++) cluster.add(`t${String(i)}`);
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome.kind).toBe('finished');
  expect(cluster.committed).toHaveLength(totalSteps(plan));
  expect(cluster.epochs).toEqual([1, 2, 3]);
  // The last epoch too, although it is recorded together with the end of the run.
  expect(cluster.worldSizes).toEqual([count, count, count]);
});

const action = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), pick: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), pick: fc.nat(4) }) },
);

test('whatever the order of arrival, kills and joins: each chunk counts once and the run ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(action, { maxLength: 300 }), (minTrainers, actions) => {
      const cluster = new FakeCluster(minTrainers);
      for (let i = 0; i < minTrainers; i++) cluster.add(`t${String(i)}`);
      for (const { kind, pick } of actions) {
        if (kind === 'deliver') cluster.deliverOne(pick);
        else if (kind === 'kill') cluster.kill(`t${String(pick)}`);
        else cluster.add(`t${String(pick)}`);
      }
      for (let i = 0; i < 3; i++) cluster.add(`last${String(i)}`);
      runToTheEnd(cluster);
      expect(cluster.ended?.outcome.kind).toBe('finished');
      expect(cluster.committed).toHaveLength(totalSteps(plan));
      expect(cluster.epochs).toEqual([1, 2, 3]);
      const { generations } = cluster;
      expect(generations.every((generation, i) => i === 0 || generation >= (generations[i - 1] ?? 0))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('replicas that differ end the run and are named', () => {
  const cluster = new FakeCluster(3);
  for (const name of ['a', 'b', 'c']) cluster.add(name);
  for (let i = 0; i < 10_000 && cluster.ended === undefined; i++) {
    for (const event of cluster.trainers.get(trainerId('b'))?.outbox ?? []) {
      if (event.kind === 'evaluation') Object.assign(event, { weightsDigest: 'other' });
    }
    if (!cluster.deliverOne(0)) break;
  }
  expect(cluster.ended?.outcome).toEqual({
    kind: 'failed',
    code: 'corrupt',
    message: 'replicas differ at position 3: b',
  });
});

test('a step whose sum is not finite ends the run and says where', () => {
  const cluster = new FakeCluster(2);
  cluster.add('a');
  cluster.add('b');
  cluster.deliver({ kind: 'non-finite', position: 4 });
  expect(cluster.ended?.outcome).toEqual({
    kind: 'diverged',
    message: 'the loss or the gradient is not finite in epoch 2, step 2',
  });
});

test('alone too, a step that is not finite is not committed', () => {
  const cluster = new FakeCluster(1);
  cluster.add('a');
  cluster.deliverOne(0);
  const sums = { loss: 1, correct: 1 };
  cluster.deliver({
    kind: 'solo-progress',
    trainer: trainerId('a'),
    generation: cluster.machine.generation,
    steps: [
      { ...sums, position: 0 },
      { ...sums, position: 1, loss: NaN },
    ],
    holding: true,
  });
  expect(cluster.committed).toEqual([0]);
  expect(cluster.ended?.outcome).toMatchObject({
    kind: 'diverged',
    message: expect.stringContaining('step 2') as string,
  });
});

test('a trainer that cannot take part ends a run that then lacks trainers, with its message', () => {
  const cluster = new FakeCluster(2);
  cluster.add('a');
  cluster.add('b');
  cluster.deliver({ kind: 'trainer-failed', trainer: trainerId('b'), code: 'corrupt', message: 'data differ' });
  expect(cluster.ended?.outcome).toEqual({ kind: 'failed', code: 'corrupt', message: 'trainer b: data differ' });
});

/** Two members at the end of the first epoch whose checkpoint is on disk, while the boundary waits for newcomer `c`. */
function loseAllWithUnrecordedCheckpoint(): FakeCluster {
  const cluster = new FakeCluster(2);
  cluster.add('a');
  cluster.add('b');
  while (cluster.machine.position < 3) cluster.deliverOne(0);
  cluster.add('c');
  const newcomer = cluster.trainers.get(trainerId('c'));
  const opened = newcomer?.outbox.shift();
  if (opened !== undefined) cluster.deliver(opened);
  for (const name of ['a', 'b', 'a', 'disk']) {
    const outbox = name === 'disk' ? cluster.disk : (cluster.trainers.get(trainerId(name))?.outbox ?? []);
    for (let event = outbox.shift(); event !== undefined; event = outbox.shift()) cluster.deliver(event);
  }
  expect(cluster.epochs).toEqual([]);
  for (const name of ['a', 'b', 'c']) cluster.kill(name);
  return cluster;
}

test('a checkpoint counts once its epoch is recorded: until then a run without replicas goes back further', () => {
  const cluster = loseAllWithUnrecordedCheckpoint();
  expect(cluster.machine.position).toBe(0);
  cluster.add('d');
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome.kind).toBe('finished');
  expect(cluster.committed).toHaveLength(totalSteps(plan));
  expect(cluster.epochs).toEqual([1, 2, 3]);
});

test('a checkpoint that is on disk only after the run went back changes nothing', () => {
  const cluster = new FakeCluster(1);
  cluster.add('a');
  cluster.deliverOne(0);
  cluster.kill('a');
  cluster.deliver({ kind: 'checkpoint-written', position: 3 });
  cluster.add('b');
  cluster.deliverOne(0);
  cluster.kill('b');
  expect(cluster.machine.position).toBe(0);
});
