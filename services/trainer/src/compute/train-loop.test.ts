import { stepsPerEpoch, type RunPlan } from '@weft/core';
import { openDataSet } from '@weft/data';
import type { Engine, MetricSums } from '@weft/engine';
import { architecture, layoutOf, topologyOf } from '@weft/nn-models';
import { RunOpener } from '@weft/training';
import { expect, test } from 'vitest';
import type { Assignment, ComputeCommand, ComputeReport } from './commands.ts';
import { Inbox } from './inbox.ts';
import { trainLoop } from './train-loop.ts';

/** A generated data set needs no cache. */
const dataOptions = { cacheDirectory: '' };
const synthetic = { seed: 0, trainCount: 400, testCount: 10 };
const plan: RunPlan = {
  batch: { exampleCount: 360, globalBatch: 1, chunkSize: 1 },
  epochs: 1,
  evaluationExamples: { validation: 40, test: 10 },
};
const alone: Assignment = {
  generation: 1,
  rank: 0,
  worldSize: 1,
  position: 0,
  chunks: [],
  shares: [1],
  transport: 'direct',
  members: [],
};

/** An engine that computes without ever waiting, as those of plain TF.js do; `values` are those of each gradient. */
function instantEngine(values: (step: number) => number): Engine {
  const model = architecture('initial-nn').build();
  const layout = layoutOf(model);
  model.dispose();
  const sums: MetricSums = { loss: 1, correct: 0 };
  return {
    name: 'tfjs-cpu',
    fingerprint: 'instant',
    compile: () =>
      Promise.resolve({
        layout,
        rounds: [],
        gradient: ({ step }, _, into) => {
          into.fill(values(step));
          return Promise.resolve(sums);
        },
        evaluate: () => Promise.resolve({ ...sums, classes: undefined }),
        predict: (_, count) => Promise.resolve(new Float32Array(count)),
        dispose: () => Promise.resolve(),
      }),
    dispose: () => Promise.resolve(),
  };
}

/** A trainer that works on a run of one epoch, alone unless told; what comes back gives it another command. */
async function startAlone(
  engine: Engine,
  reported: (report: ComputeReport) => void,
  assignment: Assignment = alone,
): Promise<(command: ComputeCommand) => void> {
  const { identity } = await openDataSet('synthetic-fashion', { ...dataOptions, synthetic });
  const inbox = new Inbox<ComputeCommand>();
  let clockMs = 0;
  // Time enough passes between two steps for each to be reported.
  void trainLoop({
    inbox,
    report: reported,
    opener: new RunOpener(engine, dataOptions),
    peers: { join: () => undefined, leave: () => undefined, send: () => undefined },
    clock: { nowMs: () => (clockMs += 1000), soon: setImmediate },
  });
  const model = architecture('initial-nn').build();
  const topology = topologyOf(model);
  model.dispose();
  inbox.put({
    kind: 'open',
    run: {
      runId: 'r',
      plan,
      seed: 1,
      topology,
      loss: 'categoricalCrossentropy',
      batchNormalization: 'ghost',
      dataSet: {
        name: 'synthetic-fashion',
        identity,
        validationSplit: 0.1,
        settingsJson: JSON.stringify(synthetic),
      },
      optimizer: { name: 'sgd', learningRate: 0.1, settings: {} },
    },
  });
  inbox.put({ kind: 'regroup', assignment });
  return (command) => {
    inbox.put(command);
  };
}

test('a trainer alone holds soon after it is told to, though its engine never waits', async () => {
  const steps = await new Promise<number>((resolve, reject) => {
    let committed = 0;
    const started = startAlone(
      instantEngine(() => 0),
      (report) => {
        if (report.kind === 'standing') resolve(committed);
        if (report.kind !== 'committed-steps') return;
        if (committed === 0) {
          setImmediate(() => {
            void started.then((put) => {
              put({ kind: 'hold' });
            });
          });
        }
        committed += report.steps.length;
      },
    );
    started.catch(reject);
  });
  expect(steps).toBeLessThan(stepsPerEpoch(plan.batch));
});

test('a trainer alone does not apply a mean that is not finite, and says so though the loss is finite', async () => {
  const reports = await new Promise<ComputeReport[]>((resolve, reject) => {
    const seen: ComputeReport[] = [];
    const started = startAlone(
      instantEngine((step) => (step === 2 ? Infinity : 0)),
      (report) => {
        seen.push(report);
        if (report.kind === 'standing') {
          void started.then((put) => {
            put({ kind: 'send-snapshot', position: 2 });
          });
        }
        if (report.kind === 'snapshot') resolve(seen);
      },
    );
    started.catch(reject);
  });
  const steps = reports.flatMap((report) => (report.kind === 'committed-steps' ? report.steps : []));
  const whole = { loss: false, variable: 'hidden/kernel' };
  expect(steps.map(({ position, loss, nonFinite }) => [position, loss, nonFinite])).toEqual([
    [0, 1, undefined],
    [1, 1, undefined],
    [2, NaN, whole],
  ]);
  expect(reports.at(-1)).toMatchObject({ kind: 'snapshot', position: 2 });
});

test('what was computed for a gang that came apart goes to the coordinator when that adds from then on', async () => {
  const members = ['a', 'b'].map((trainerId) => ({ trainerId, peerAddress: trainerId }));
  const chunks = [{ first: 0, end: 1 }];
  const gang: Assignment = { ...alone, worldSize: 2, shares: [1, 1], members, chunks };
  const partial = await new Promise<ComputeReport>((resolve, reject) => {
    const started = startAlone(
      instantEngine(() => 3),
      (report) => {
        if (report.kind === 'partial') resolve(report);
        if (report.kind !== 'worked') return;
        void started.then((put) => {
          put({ kind: 'settle', generation: 2, recorded: 0 });
          put({ kind: 'regroup', assignment: { ...gang, generation: 3, transport: 'star' } });
        });
      },
      gang,
    );
    started.catch(reject);
  });
  expect(partial).toMatchObject({ kind: 'partial', generation: 3, position: 0, node: { level: 0, index: 0 } });
});

test('what another rank sent for an earlier run is no part of a step, though generation and position fit', async () => {
  const members = ['a', 'b'].map((trainerId) => ({ trainerId, peerAddress: trainerId }));
  const gang: Assignment = { ...alone, worldSize: 2, shares: [1, 1], members, chunks: [{ first: 0, end: 1 }] };
  const nothing = { values: new Float32Array(0), sums: { loss: 0, correct: 0 }, hold: false };
  const positions: number[] = [];
  const put = await startAlone(
    instantEngine(() => 0),
    (report) => {
      if (report.kind === 'snapshot') positions.push(report.position);
    },
    gang,
  );
  for (const runId of ['earlier', 'r']) {
    put({ kind: 'peer-partial', label: { runId, generation: 1, position: 0, rank: 1 }, partial: nothing });
    put({ kind: 'send-snapshot', position: 0 });
  }
  await expect.poll(() => positions).toEqual([0, 1]);
});

test.each<[string, ComputeCommand]>([
  [
    'its chunks',
    { kind: 'regroup', assignment: { ...alone, worldSize: 2, transport: 'star', chunks: [{ first: 0, end: 1 }] } },
  ],
  ['an evaluation', { kind: 'evaluate', position: 0, split: 'validation', chunks: [{ first: 0, end: 1 }] }],
])('a run that is closed does not keep its trainer with %s', async (_, command) => {
  const seen: ComputeReport['kind'][] = [];
  const held: Assignment = { ...alone, worldSize: 2, transport: 'star', chunks: [] };
  const put = await startAlone(
    instantEngine(() => 0),
    (report) => seen.push(report.kind),
    held,
  );
  await new Promise<void>((closed) => {
    put(command);
    put({ kind: 'close', closed });
  });
  expect(seen.filter((kind) => kind !== 'ready')).toEqual([]);
});
