import type { TreeNode } from '@weft/core';
import type { RoundExchange } from '@weft/engine';
import type { RunAssignment } from '@weft/wire';
import { expect, test } from 'vitest';
import type { ComputeReport } from './commands.ts';
import type { OpenedRun } from './opened-run.ts';
import { OwnPartials } from './own-partials.ts';
import { StarRounds } from './star-rounds.ts';

const roundCount = 2;

/** A run of four chunks: a node gives its level and its index, and contributes the sums of the rounds. */
function fakeRun(fails: (node: TreeNode) => boolean): OpenedRun {
  const unused = (): never => {
    throw new Error('no part of this test');
  };
  return {
    run: { runId: 'r' } as RunAssignment,
    ...{ position: 7, layoutSize: 2, snapshotBytes: 0, weightsDigest: '', rounds: [2, 2], chunkCount: 4 },
    variables: [],
    spent: { dataSeconds: 0, reduceSeconds: 0 },
    exampleCount: () => 1,
    contribute: async (node: TreeNode, into: Float32Array, exchange?: RoundExchange) => {
      for (let round = 0; round < roundCount; round++) {
        const sum = (await exchange?.(round, Float32Array.of(node.level, node.index))) ?? [];
        into[round] = sum[0] ?? NaN;
      }
      if (fails(node)) throw new Error('out of memory');
      return { loss: 1, correct: 1 };
    },
    ...{
      apply: unused,
      nonFiniteIn: unused,
      commitAlone: unused,
      evaluateChunk: unused,
      snapshot: unused,
      loadSnapshot: unused,
    },
    close: () => Promise.resolve(),
  };
}

function subject(fails: (node: TreeNode) => boolean = () => false) {
  const reports: ComputeReport[] = [];
  const failures: unknown[] = [];
  const clock = { ms: 0 };
  const run = fakeRun(fails);
  const own = new OwnPartials(run, () => clock.ms);
  const rounds = new StarRounds({
    ...{ run, own, nowMs: () => clock.ms },
    report: (report) => reports.push(report),
    failed: (thrown) => failures.push(thrown),
  });
  /** What was reported since the last call, after everything that can go on has gone on. */
  const heard = async (): Promise<string[]> => {
    await new Promise(setImmediate);
    return reports
      .splice(0)
      .map((report) =>
        report.kind === 'round-partial'
          ? `round ${String(report.round)} of ${String(report.node.level)}/${String(report.node.index)}`
          : report.kind === 'partial'
            ? `${String(report.node.level)}/${String(report.node.index)}: ${[...report.contribution].join(' ')}`
            : report.kind,
      );
  };
  return { rounds, own, heard, reports, failures, clock };
}

test('nodes go through the rounds together, each with the sum over the step', async () => {
  const { rounds, heard } = subject();
  rounds.begin(3, [{ first: 0, end: 3 }]);
  expect(await heard()).toEqual(['round 0 of 1/0', 'round 0 of 0/2']);
  rounds.take(0, Float32Array.of(10, 0));
  expect(await heard()).toEqual(['round 1 of 1/0', 'round 1 of 0/2']);
  rounds.take(1, Float32Array.of(11, 0));
  expect(await heard()).toEqual(['1/0: 10 11', '0/2: 10 11']);
});

test('chunks that come later go through the rounds that are over without a word', async () => {
  const { rounds, heard } = subject();
  rounds.begin(3, [{ first: 0, end: 2 }]);
  rounds.take(0, Float32Array.of(10, 0));
  await heard();
  rounds.begin(4, [
    { first: 0, end: 2 },
    { first: 2, end: 4 },
  ]);
  expect(await heard()).toEqual(['round 1 of 1/1']);
  rounds.take(1, Float32Array.of(11, 0));
  expect(await heard()).toEqual(['1/0: 10 11', '1/1: 10 11']);
});

test('a step that is given up ends without a report, and the next one knows nothing of it', async () => {
  const { rounds, own, heard, failures } = subject();
  rounds.begin(3, [{ first: 0, end: 4 }]);
  rounds.take(0, Float32Array.of(10, 0));
  await heard();
  await rounds.end();
  own.clear();
  expect([await heard(), failures]).toEqual([[], []]);
  rounds.begin(3, [{ first: 0, end: 4 }]);
  expect(await heard()).toEqual(['round 0 of 2/0']);
  await rounds.end();
});

test('a node that cannot be computed is a failure, and the others go on', async () => {
  const { rounds, heard, failures } = subject(({ level }) => level === 0);
  rounds.begin(3, [{ first: 0, end: 3 }]);
  await heard();
  rounds.take(0, Float32Array.of(10, 0));
  await heard();
  rounds.take(1, Float32Array.of(11, 0));
  expect(await heard()).toEqual(['1/0: 10 11']);
  expect(failures).toEqual([new Error('out of memory')]);
});

test('time in which all nodes wait is waiting, not work', async () => {
  const { rounds, heard, reports, clock } = subject();
  rounds.begin(3, [{ first: 0, end: 4 }]);
  await new Promise(setImmediate);
  clock.ms = 5000;
  rounds.take(0, Float32Array.of(10, 0));
  await heard();
  clock.ms = 7000;
  rounds.take(1, Float32Array.of(11, 0));
  await new Promise(setImmediate);
  expect(reports).toMatchObject([{ kind: 'partial', computeSeconds: 0 }]);
  expect(rounds.waitedSeconds).toBe(7);
  await rounds.end();
  expect(rounds.waitedSeconds).toBe(0);
});
