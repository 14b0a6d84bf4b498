import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainerId, type TrainerId } from '../id.ts';
import { FakeCluster, plan } from './fake-cluster.fixture.ts';
import { RunMachine } from './run-machine.ts';
import { totalSteps } from './run-plan.ts';
import type { StepTimes } from './step-times.ts';

function runToTheEnd(cluster: FakeCluster): void {
  for (let i = 0; i < 10_000 && cluster.ended === undefined && cluster.deliverOne(0); i++);
}

test.each(([1, 2, 3, 5] as const).flatMap((count) => [[count, 'star'] as const, [count, 'direct'] as const]))(
  '%i undisturbed trainers over %s commit every step once and record every epoch',
  (count, transport) => {
    const cluster = new FakeCluster({ startTrainers: count, transport });
    for (let i = 0; i < count; i++) cluster.add(`t${String(i)}`);
    runToTheEnd(cluster);
    expect(cluster.ended?.outcome.kind).toBe('finished');
    expect(cluster.committed).toHaveLength(totalSteps(plan));
    expect(cluster.epochs).toEqual([1, 2, 3]);
    // The last epoch too, although it is recorded together with the end of the run.
    expect(cluster.worldSizes).toEqual([count, count, count]);
  },
);

/** A step of two chunks that take `seconds` each. */
function timesOf(seconds: number): StepTimes {
  return { steps: 1, chunks: 2, dataSeconds: 0, computeSeconds: 2 * seconds, reduceSeconds: 0, waitSeconds: 0 };
}

/** The name of one of five trainers that may or may not be there. */
const named = fc.nat(4).map((number) => `t${String(number)}`);
const action = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), name: named }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), name: named, reachable: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), name: named }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('accuse' as const), name: named, peer: named }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), name: named, seconds: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('audit' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('backlog' as const), full: fc.boolean() }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

function act(cluster: FakeCluster, doing: Action): void {
  const { generation } = cluster.machine;
  switch (doing.kind) {
    case 'deliver':
      cluster.deliverOne(doing.pick);
      return;
    case 'kill':
      cluster.kill(doing.name);
      return;
    case 'add':
      cluster.add(doing.name, doing.reachable > 0);
      return;
    case 'leave':
      cluster.deliver({ kind: 'trainer-leaving', trainer: trainerId(doing.name), reason: 'it was told to stop' });
      return;
    case 'accuse': {
      const trainer = trainerId(doing.name);
      cluster.deliver({ kind: 'peer-lost', trainer, generation, peer: trainerId(doing.peer), reason: 'refused' });
      return;
    }
    case 'time': {
      const trainer = trainerId(doing.name);
      cluster.deliver({ kind: 'timed', trainer, times: timesOf(doing.seconds), roundTripMs: 1 });
      return;
    }
    case 'audit':
      cluster.deliver({ kind: 'audit-requested' });
      return;
    case 'backlog':
      cluster.deliver(doing);
  }
}

test('whatever the order of arrival, losses, joins and leaves: each chunk counts once and the run ends', () => {
  const transports = fc.constantFrom('star' as const, 'direct' as const);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      transports,
      fc.nat(3),
      fc.array(action, { maxLength: 300 }),
      (startTrainers, minTrainers, transport, roundCount, actions) => {
        const cluster = new FakeCluster({ startTrainers, minTrainers, transport, roundCount });
        for (let i = 0; i < startTrainers; i++) cluster.add(`t${String(i)}`);
        for (const doing of actions) act(cluster, doing);
        for (let i = 0; i < 3; i++) cluster.add(`last${String(i)}`);
        cluster.deliver({ kind: 'backlog', full: false });
        runToTheEnd(cluster);
        expect(cluster.ended?.outcome.kind, cluster.machine.status).toBe('finished');
        expect(cluster.committed).toHaveLength(totalSteps(plan));
        expect(cluster.epochs).toEqual([1, 2, 3]);
        const { generations } = cluster;
        expect(generations.every((generation, i) => i === 0 || generation >= (generations[i - 1] ?? 0))).toBe(true);
      },
    ),
    { numRuns: 800 },
  );
});

/** Runs a cluster of `names` whose first of them always reports another digest than the others. */
function runWithWrongReplica(names: readonly string[]): FakeCluster {
  const cluster = new FakeCluster({ startTrainers: names.length });
  for (const name of names) cluster.add(name);
  for (let i = 0; i < 10_000 && cluster.ended === undefined; i++) {
    for (const event of cluster.trainers.get(trainerId(names[0] ?? ''))?.outbox ?? []) {
      if (event.kind === 'evaluation') Object.assign(event, { weightsDigest: 'other' });
    }
    if (!cluster.deliverOne(0)) break;
  }
  return cluster;
}

test('a replica that differs is named, all start again from the checkpoint, and one that differs again is evicted', () => {
  const cluster = runWithWrongReplica(['b', 'a', 'c']);
  expect(cluster.notices[0]).toMatch(
    /^replicas differ at position 3: b, against the majority; all replicas are replaced/,
  );
  expect(cluster.notices[2]).toMatch(/b evicted, it was wrong before/);
  expect(cluster.closed[0]).toBe('b');
  expect(cluster.ended?.outcome.kind).toBe('finished');
  expect(cluster.committed).toHaveLength(totalSteps(plan));
});

test('where two replicas differ again and again, the run ends and says so', () => {
  const cluster = runWithWrongReplica(['b', 'a']);
  expect(cluster.ended?.outcome).toMatchObject({
    kind: 'failed',
    code: 'corrupt',
    message: expect.stringMatching(/^replicas differ at position 3: a, b; no majority agrees/) as string,
  });
});

test('with fewer than its least trainers a run pauses, says so, and goes on when they come', () => {
  const cluster = new FakeCluster({ startTrainers: 2, minTrainers: 2 });
  cluster.add('a');
  cluster.add('b');
  while (cluster.machine.position < 1) cluster.deliverOne(0);
  cluster.kill('b');
  while (cluster.deliverOne(0));
  expect(cluster.machine.status).toBe('paused, waiting for trainers: 1 of 2 ready');
  const { position } = cluster.machine;
  cluster.add('c');
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome.kind).toBe('finished');
  expect(cluster.notices.filter((text) => text.includes('goes back'))).toEqual([]);
  expect(position).toBeGreaterThan(0);
});

test('a gang whose members cannot reach each other twice goes on through the coordinator', () => {
  const cluster = new FakeCluster({ startTrainers: 2, transport: 'direct' });
  cluster.add('a');
  cluster.add('b');
  for (const position of [1, 2]) {
    while (cluster.machine.position < position) cluster.deliverOne(0);
    expect(cluster.acceptedChunks.size).toBe(0);
    const { generation } = cluster.machine;
    cluster.deliver({
      kind: 'peer-lost',
      trainer: trainerId('a'),
      generation,
      peer: trainerId('b'),
      reason: 'refused',
    });
    expect(cluster.machine.status).toBe('agreeing on a position, waiting for a, b');
  }
  runToTheEnd(cluster);
  expect(cluster.notices).toEqual([
    'trainer a cannot reach b: refused; they try once more',
    'trainer a cannot reach b: refused; the run goes on through the coordinator',
  ]);
  expect(cluster.acceptedChunks.size).toBeGreaterThan(0);
  expect(cluster.ended?.outcome.kind).toBe('finished');
});

/**
 * Three that exchange directly, of which `a` alone has committed the first step, which is known; the others, that are a step behind
 * when it is lost, go on through the coordinator.
 */
function loseForemost(): FakeCluster {
  const cluster = new FakeCluster({ startTrainers: 3, transport: 'direct' });
  const [a, b, c] = [trainerId('a'), trainerId('b'), trainerId('c')];
  for (const trainer of [a, b, c]) cluster.add(trainer);
  const accuse = (): void => {
    const { generation } = cluster.machine;
    cluster.deliver({ kind: 'peer-lost', trainer: b, generation, peer: c, reason: 'refused' });
  };
  const tellAll = (): void => {
    for (const { outbox } of cluster.trainers.values()) {
      for (let event = outbox.shift(); event !== undefined; event = outbox.shift()) cluster.deliver(event);
    }
  };
  tellAll();
  accuse();
  tellAll();
  cluster.deliverOne(0);
  tellAll();
  expect([a, b, c].map((trainer) => cluster.trainers.get(trainer)?.position)).toEqual([1, 0, 0]);
  accuse();
  cluster.kill('a');
  tellAll();
  return cluster;
}

test('a step that is known, but whose replicas are lost, is done again over another transport, and recorded once', () => {
  const cluster = loseForemost();
  expect(cluster.machine.status).toBe('training on 2 trainers');
  expect([cluster.machine.position, cluster.committed]).toEqual([0, [0]]);
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome.kind).toBe('finished');
  expect(cluster.committed).toEqual(Array.from({ length: totalSteps(plan) }, (_, position) => position));
});

test('a member that leaves is let go at the next step, and nothing is done twice', () => {
  const cluster = new FakeCluster({ startTrainers: 3, transport: 'direct' });
  for (const name of ['a', 'b', 'c']) cluster.add(name);
  while (cluster.machine.position < 1) cluster.deliverOne(0);
  cluster.deliver({ kind: 'trainer-leaving', trainer: trainerId('b'), reason: 'it was told to stop' });
  runToTheEnd(cluster);
  expect(cluster.closed[0]).toBe('b');
  expect(cluster.notices).toEqual(['trainer b left: it was told to stop']);
  expect(cluster.worldSizes).toEqual([2, 2, 2]);
  expect(cluster.committed).toHaveLength(totalSteps(plan));
});

test('a member that wants to leave is let go though it fell a step behind when another was lost', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(trainerId) as [TrainerId, TrainerId, TrainerId, TrainerId];
  const start = {
    minTrainers: 1,
    startTrainers: 4,
    transport: 'direct',
    checkpoint: 0,
    recorded: [],
    generation: 0,
  } as const;
  const machine = new RunMachine({ plan, ...start });
  for (const trainer of [a, b, c, d]) machine.handle({ kind: 'trainer-assigned', trainer, reachable: true });
  for (const trainer of [a, b, c, d]) {
    machine.handle({ kind: 'trainer-ready', trainer, position: 0, contributionBytes: 4000, roundCount: 0 });
  }
  machine.handle({ kind: 'trainer-leaving', trainer: c, reason: 'it was told to stop' });
  machine.handle({ kind: 'trainer-lost', trainer: a, reason: 'killed' });
  const { generation } = machine;
  const step = { position: 0, loss: 1, correct: 1, gradientDigest: '' };
  machine.handle({ kind: 'standing', trainer: b, generation, position: 1, steps: [step] });
  machine.handle({ kind: 'standing', trainer: c, generation, position: 0, steps: [] });
  const effects = machine.handle({ kind: 'standing', trainer: d, generation, position: 1, steps: [step] });
  expect(effects).toContainEqual({ kind: 'close', trainer: c, reason: 'it was told to stop' });
  expect(effects).toContainEqual({ kind: 'notice', text: 'trainer c left: it was told to stop' });
  expect(machine.members).toEqual([b, d]);
});

test('an answer to what a trainer was told before is not taken for the one that is awaited', () => {
  const a = trainerId('a');
  const start = { minTrainers: 1, startTrainers: 1, transport: 'star', checkpoint: 3, generation: 4 } as const;
  const recorded = [{ loss: 1, accuracy: 0, validationLoss: 1, validationAccuracy: 0 }];
  const machine = new RunMachine({ plan, ...start, recorded });
  const ready = (position: number) =>
    machine.handle({ kind: 'trainer-ready', trainer: a, position, contributionBytes: 400, roundCount: 0 });
  machine.handle({ kind: 'trainer-assigned', trainer: a, reachable: true });
  // The trainer was told to load the run twice: by the driver before this one, too.
  expect(ready(0).map(({ kind }) => kind)).toContain('send-checkpoint');
  expect(ready(0)).toEqual([]);
  expect(machine.members).toEqual([]);
  ready(3);
  expect(machine.members).toEqual([a]);
});

test('work is divided anew when a trainer is measured to be slow', () => {
  const cluster = new FakeCluster({ startTrainers: 2 });
  cluster.add('a');
  cluster.add('b');
  while (cluster.machine.position < 1) cluster.deliverOne(0);
  for (let report = 0; report < 3; report++) {
    cluster.deliver({ kind: 'timed', trainer: trainerId('a'), times: timesOf(3), roundTripMs: 1 });
    cluster.deliver({ kind: 'timed', trainer: trainerId('b'), times: timesOf(1), roundTripMs: 1 });
  }
  expect(cluster.notices).toEqual([
    'trainer a is slow: computing takes 3.0 times the median (6.00 s a step); its share is now 50 % of the chunks',
  ]);
  runToTheEnd(cluster);
  expect(cluster.trainers.size).toBe(0);
  expect(cluster.lastShares).toEqual([33, 100]);
  expect(cluster.notices[1]).toBe('chunks are divided anew, by measured speed: a 25 %, b 75 %');
  expect(cluster.ended?.outcome.kind).toBe('finished');
});

test('a step whose sum is not finite ends the run and says where', () => {
  const cluster = new FakeCluster({ startTrainers: 2 });
  cluster.add('a');
  cluster.add('b');
  cluster.deliver({ kind: 'non-finite', position: 4, what: { loss: true, variable: 'dense/kernel' } });
  expect(cluster.ended?.outcome).toEqual({
    kind: 'diverged',
    message: 'the loss and the gradient of dense/kernel are not finite in epoch 2, step 2',
  });
});

test('alone too, a step that is not finite is not committed', () => {
  const cluster = new FakeCluster({ startTrainers: 1 });
  cluster.add('a');
  cluster.deliverOne(0);
  const sums = { loss: 1, correct: 1, gradientDigest: '' };
  cluster.deliver({
    kind: 'progress',
    trainer: trainerId('a'),
    generation: cluster.machine.generation,
    steps: [
      { ...sums, position: 0 },
      { ...sums, position: 1, loss: NaN, nonFinite: { loss: false, variable: 'dense/bias' } },
    ],
  });
  expect(cluster.committed).toEqual([0]);
  expect(cluster.ended?.outcome).toMatchObject({
    kind: 'diverged',
    message: 'the gradient of dense/bias is not finite in epoch 1, step 2',
  });
});

const dataDiffer = { kind: 'trainer-failed', code: 'corrupt', message: 'data differ' } as const;

test('a trainer that cannot take part ends a run that then lacks trainers, with its message', () => {
  const cluster = new FakeCluster({ startTrainers: 2 });
  cluster.add('a');
  cluster.add('b');
  cluster.deliver({ ...dataDiffer, trainer: trainerId('b'), others: 0 });
  expect(cluster.ended?.outcome).toEqual({ kind: 'failed', code: 'corrupt', message: 'trainer b: data differ' });
});

test('where others could take its place, the run waits for one of them, and ends when the last one cannot either', () => {
  const cluster = new FakeCluster({ startTrainers: 1 });
  cluster.add('a');
  cluster.deliver({ ...dataDiffer, trainer: trainerId('a'), others: 2 });
  expect(cluster.ended).toBeUndefined();
  cluster.add('b');
  cluster.deliver({ ...dataDiffer, trainer: trainerId('b'), others: 1 });
  expect(cluster.ended).toBeUndefined();
  cluster.add('c');
  cluster.deliver({ ...dataDiffer, trainer: trainerId('c'), others: 0 });
  expect(cluster.ended?.outcome).toEqual({ kind: 'failed', code: 'corrupt', message: 'trainer c: data differ' });
});

/** Two members at the end of the first epoch whose checkpoint is on disk, while the boundary waits for newcomer `c`. */
function loseAllWithUnrecordedCheckpoint(): FakeCluster {
  const cluster = new FakeCluster({ startTrainers: 2 });
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
  const cluster = new FakeCluster({ startTrainers: 1 });
  cluster.add('a');
  cluster.deliverOne(0);
  cluster.kill('a');
  cluster.deliver({ kind: 'checkpoint-written', position: 3 });
  cluster.add('b');
  cluster.deliverOne(0);
  cluster.kill('b');
  expect(cluster.machine.position).toBe(0);
});
