/** Runs that end before their last epoch, by the machine that decides it. In the fake cluster no epoch is better than the first. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { earlyEnd } from './early-end.ts';
import { monitors } from './early-stopping.ts';
import { FakeCluster, plan } from './fake-cluster.fixture.ts';

const reasonOf = (monitor: string): string => `stopped early after epoch 2: ${monitor} has not improved since epoch 1`;

function runToTheEnd(cluster: FakeCluster): void {
  for (let i = 0; i < 10_000 && cluster.ended === undefined && cluster.deliverOne(0); i++);
}

test.each(monitors)(
  '%s: the run is evaluated after the epoch that exhausts its patience, and has finished',
  (monitor) => {
    for (const transport of ['star', 'direct'] as const) {
      const earlyStopping = { monitor, patience: 1, minDelta: 0 };
      const cluster = new FakeCluster({ startTrainers: 2, transport, earlyStopping });
      cluster.add('a');
      cluster.add('b');
      runToTheEnd(cluster);
      expect(cluster.ended?.outcome).toMatchObject({
        kind: 'finished',
        early: reasonOf(monitor),
        test: { accuracy: 0.625 },
        weightsDigest: '6',
      });
      expect(cluster.machine.status).toBe(reasonOf(monitor));
      expect(cluster.epochs).toEqual([1, 2]);
      expect(cluster.committed).toHaveLength(6);
      expect([...cluster.closed].sort()).toEqual(['a', 'b']);
    }
  },
);

test('patience that lasts to the last epoch changes nothing', () => {
  const cluster = new FakeCluster({ earlyStopping: { monitor: 'loss', patience: 2, minDelta: 0 } });
  cluster.add('a');
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome).not.toHaveProperty('early');
  expect(cluster.machine.status).toBe('finished');
  expect(cluster.epochs).toEqual([1, 2, 3]);
});

const means = { loss: 9 / 23, accuracy: 0, validationLoss: 4 / 900, validationAccuracy: 500 / 900 };

test('a machine that starts after the epoch that was the last evaluates and ends, and trains nothing', () => {
  const earlyStopping = { monitor: 'validation-loss', patience: 1, minDelta: 0 } as const;
  const cluster = new FakeCluster({ earlyStopping, recorded: [means, means] });
  cluster.add('a');
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome).toMatchObject({ kind: 'finished', early: reasonOf('validation-loss') });
  expect(cluster.epochs).toEqual([]);
  expect(cluster.committed).toHaveLength(6);
});

test('a machine that starts within its patience counts the epochs that were recorded', () => {
  const earlyStopping = { monitor: 'accuracy', patience: 1, minDelta: 0 } as const;
  const cluster = new FakeCluster({ earlyStopping, recorded: [{ ...means, accuracy: 1 }] });
  cluster.add('a');
  runToTheEnd(cluster);
  expect(cluster.ended?.outcome).toMatchObject({ early: reasonOf('accuracy') });
  expect(cluster.epochs).toEqual([2]);
});

test.each([
  [3, 1, { epochs: 2, reason: reasonOf('loss') }],
  [3, 2, undefined],
  [2, 1, undefined],
])('of %d epochs and patience %d, the recorded results say how the run ended', (epochs, patience, end) => {
  const rule = { monitor: 'loss', patience, minDelta: 0 } as const;
  expect(earlyEnd({ ...plan, epochs, earlyStopping: rule }, [means, means, means])).toEqual(end);
  expect(earlyEnd({ ...plan, epochs }, [means, means, means])).toBeUndefined();
});

const name = fc.constantFrom('a', 'b', 'c');
const action = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), name }) },
);

test('whoever comes and goes, a run ends early after the same epoch for the same reason', () => {
  const transports = fc.constantFrom('star' as const, 'direct' as const);
  fc.assert(
    fc.property(
      transports,
      fc.constantFrom(...monitors),
      fc.array(action, { maxLength: 200 }),
      (transport, monitor, actions) => {
        const cluster = new FakeCluster({ transport, earlyStopping: { monitor, patience: 1, minDelta: 0 } });
        for (const doing of actions) {
          if (cluster.ended !== undefined) break;
          if (doing.kind === 'deliver') cluster.deliverOne(doing.pick);
          else if (doing.kind === 'kill') cluster.kill(doing.name);
          else cluster.add(doing.name);
        }
        if (cluster.ended === undefined) cluster.add('d');
        runToTheEnd(cluster);
        expect(cluster.ended?.outcome).toMatchObject({ kind: 'finished', early: reasonOf(monitor) });
        expect(cluster.epochs).toEqual([1, 2]);
      },
    ),
  );
});
