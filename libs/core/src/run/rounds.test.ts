import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import { FakeCluster, plan } from './fake-cluster.fixture.ts';
import { RoundLedger } from './round-ledger.ts';
import type { RunEffect, RunEvent } from './run-event.ts';
import { RunMachine } from './run-machine.ts';
import { totalSteps } from './run-plan.ts';

test('a round is over when every chunk has arrived for it, and only then does the next one begin', () => {
  const ledger = new RoundLedger(2, 3);
  expect(ledger.reject(1, { first: 0, end: 1 })).toBe('round 1 has not begun');
  expect(ledger.arrive({ first: 0, end: 2 })).toBeUndefined();
  expect(ledger.reject(0, { first: 1, end: 2 })).toBe('its chunks have arrived for round 0');
  expect(ledger.arrive({ first: 2, end: 3 })).toBe(0);
  expect(ledger.reject(0, { first: 0, end: 1 })).toBe('round 0 is over');
  expect(ledger.complete).toBe(false);
  expect(ledger.arrive({ first: 0, end: 3 })).toBe(1);
  expect(ledger.complete).toBe(true);
  expect(ledger.reject(2, { first: 0, end: 1 })).toBe('round 2 has not begun');
});

test('several trainers of a run with rounds exchange through the coordinator, one alone with nobody', () => {
  for (const [count, over] of [
    [1, 0],
    [3, 2 * totalSteps(plan)],
  ] as const) {
    const cluster = new FakeCluster({ startTrainers: count, transport: 'direct', roundCount: 2 });
    for (let i = 0; i < count; i++) cluster.add(`t${String(i)}`);
    for (let i = 0; i < 10_000 && cluster.ended === undefined; i++) cluster.deliverOne(0);
    expect(cluster.ended?.outcome.kind).toBe('finished');
    expect(cluster.committed).toHaveLength(totalSteps(plan));
    expect(cluster.roundsOver).toBe(over);
  }
});

test('a trainer lost within a step: rounds that are over stay so, and what arrived for the round in hand counts', () => {
  const start = { plan, minTrainers: 1, startTrainers: 2, checkpoint: 0, recorded: [], generation: 0 };
  const machine = new RunMachine({ ...start, transport: 'auto' });
  const [a, b] = [trainerId('a'), trainerId('b')];
  const tell = (event: RunEvent): RunEffect[] => machine.handle(event);
  for (const trainer of [a, b]) tell({ kind: 'trainer-assigned', trainer, reachable: true });
  for (const trainer of [a, b]) {
    tell({ kind: 'trainer-ready', trainer, position: 0, contributionBytes: 400, roundCount: 2 });
  }
  const [left, right] = [
    { level: 1, index: 0 },
    { level: 1, index: 1 },
  ];
  const give = (trainer: typeof a, round: number, node: typeof left): string[] =>
    tell({ kind: 'round-partial', trainer, generation: machine.generation, position: 0, round, node }).map((effect) =>
      effect.kind === 'drop-partial' ? effect.reason : effect.kind,
    );
  expect(give(a, 0, left)).toEqual(['accept-round-partial']);
  expect(give(b, 0, right)).toEqual(['accept-round-partial', 'send-round']);
  expect(give(b, 1, right)).toEqual(['accept-round-partial']);
  tell({ kind: 'trainer-lost', trainer: b, reason: 'killed' });
  // It computes the lost one's chunks anew, from the first round on, whose sum it knows.
  expect(give(a, 1, right)).toEqual(['its chunks have arrived for round 1']);
  const partial = { kind: 'partial', trainer: a, generation: machine.generation, position: 0 } as const;
  expect(tell({ ...partial, node: left })).toMatchObject([{ reason: 'the rounds of the step are not over' }]);
  expect(give(a, 1, left)).toEqual(['accept-round-partial', 'send-round']);
  expect(tell({ ...partial, node: left }).map(({ kind }) => kind)).toEqual(['accept-partial']);
  expect(tell({ ...partial, node: right }).map(({ kind }) => kind)).toContain('commit');
  expect(machine.position).toBe(1);
});
