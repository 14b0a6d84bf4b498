// A coordinator for tests: the control service with one run that is not trained but told. The model's name says how it ends.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { WeftError } from '@weft/core';
import {
  bindService,
  create,
  EpochResultSchema,
  RunResultSchema,
  RunSchema,
  RunService,
  RunState,
  startGrpcServer,
  type Run,
} from '@weft/wire';

const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:0' },
    'http-listen': { type: 'string' },
    'state-dir': { type: 'string' },
    announce: { type: 'string' },
  },
});
const digest = 'ab'.repeat(32);
let run: Run | undefined;

function queued(runId: string, configuration: Run['configuration']): Run {
  run = create(RunSchema, {
    runId,
    state: RunState.QUEUED,
    reason: 'waiting',
    totalSteps: 4n,
    engineFingerprint: 'fake',
  });
  if (configuration !== undefined) run.configuration = configuration;
  return run;
}

function found(): Run {
  if (run === undefined) throw new WeftError('not-found', 'there is no run');
  return run;
}

const epoch = (number: number): Run['epochs'][number] =>
  create(EpochResultSchema, {
    ...{ epoch: number, loss: 1 / number, accuracy: 0.5, validationLoss: 1, validationAccuracy: 0.6, seconds: 1 },
    ...{ examplesPerSecond: 100, worldSize: 1, generation: 1n, weightsDigest: digest },
  });

const service = bindService(
  RunService,
  {
    submitRun: ({ runId, configuration }) => Promise.resolve({ run: queued(runId, configuration) }),
    resumeRun: () => Promise.resolve({ run: found() }),
    getRun: () => Promise.resolve({ run: found() }),
    cancelRun: () => Promise.resolve({ run: found() }),
    auditRun: () => Promise.resolve({ run: found() }),
    listRuns: () => Promise.resolve({ runs: run === undefined ? [] : [run] }),
    getCluster: () => Promise.resolve({ trainers: [] }),
    watchRun: async function* (_request, { signal }) {
      const now = found();
      const manner = now.configuration?.model?.name;
      yield { event: { case: 'run', value: now } };
      if (manner === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      const running = { ...now, state: RunState.RUNNING, reason: 'training' };
      yield { event: { case: 'run', value: running } };
      if (manner === 'crash') {
        process.stderr.write('something terrible happened\n');
        process.exit(7);
      }
      yield { event: { case: 'notice', value: { atSeconds: 1, text: 'all is well' } } };
      for (const number of [1, 2]) {
        yield {
          event: { case: 'progress', value: { epoch: number, step: 1, stepsPerEpoch: 2, examplesPerSecond: 100 } },
        };
        yield { event: { case: 'epoch', value: epoch(number) } };
      }
      if (manner === 'leave') return;
      const result = create(RunResultSchema, { testLoss: 1, testAccuracy: 0.7, weightsDigest: digest, seconds: 2 });
      const state = manner === 'diverge' ? RunState.DIVERGED : RunState.FINISHED;
      const epochs = [epoch(1), epoch(2)];
      const end = { ...now, state, reason: manner === 'diverge' ? 'the loss is NaN' : 'finished', epochs };
      yield { event: { case: 'run', value: state === RunState.FINISHED ? { ...end, result } : end } };
    },
  },
  (thrown) => process.stderr.write(`bug: ${String(thrown)}\n`),
);

const server = await startGrpcServer({ listen: values.listen, services: [service] });
process.stdout.write(`${JSON.stringify({ ready: true, address: server.address, http: '' })}\n`);
process.once('SIGTERM', () => void server.stop(100).then(() => process.exit(0)));
