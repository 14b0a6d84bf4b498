import { spawnSync } from 'node:child_process';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createCoordinatorMetrics, type CoordinatorMetrics, type CoordinatorSources } from './coordinator-metrics.ts';
import { createProcessRegistry } from './registry.ts';
import { createTrainerMetrics } from './trainer-metrics.ts';

const outcome = { steps: 2, examples: 256, loss: 0.75, accuracy: 0.5 };
const ages = new Map([['t-1', 0.5]]);
const sources: CoordinatorSources = {
  trainers: () => ({ idle: 1, loading: 0, working: 2 }),
  heartbeatAges: () => ages,
  paces: () =>
    new Map(
      [...ages].map(([id]) => [
        id,
        { seconds: { data: 0.01, compute: 0.2, wait: 0, reduce: 0 }, share: 0.25, slow: true },
      ]),
    ),
  runs: () => new Map([['running', 1]]),
};

function coordinator(): { registry: Registry; metrics: CoordinatorMetrics } {
  const registry = new Registry();
  return { registry, metrics: createCoordinatorMetrics(registry, sources) };
}

/** Everything that a coordinator can record, recorded. */
function exercise(metrics: CoordinatorMetrics): void {
  metrics.training.stepsCommitted('r-1', outcome);
  metrics.training.stepsCommitted('r-1', { ...outcome, loss: 0.5 });
  for (const phase of ['compute', 'wait', 'reduce'] as const) metrics.training.stepTimed(phase, 0.003);
  metrics.training.regrouped('r-1', 3, 2);
  metrics.training.framesMoved('sent', 1000);
  metrics.training.framesMoved('received', 500);
  metrics.epochFinished('r-1', { epoch: 1, validationLoss: 0.4, validationAccuracy: 0.8, examplesPerSecond: 5000 });
  metrics.trainerLost();
  metrics.checkpointSaved(0.25);
}

test('a coordinator counts steps, tells the last values, and reads the rest when asked', async () => {
  const { registry, metrics } = coordinator();
  exercise(metrics);
  const lines = (await registry.metrics()).split('\n');
  for (const line of [
    'weft_steps_total{run="r-1"} 4',
    'weft_examples_total{run="r-1"} 512',
    'weft_loss{run="r-1"} 0.5',
    'weft_accuracy{run="r-1"} 0.5',
    'weft_validation_accuracy{run="r-1"} 0.8',
    'weft_generation{run="r-1"} 3',
    'weft_world_size{run="r-1"} 2',
    'weft_step_seconds_bucket{le="0.005",phase="wait"} 1',
    'weft_step_seconds_count{phase="reduce"} 1',
    'weft_frames_bytes_total{direction="sent"} 1000',
    'weft_trainers{state="working"} 2',
    'weft_runs{state="running"} 1',
    'weft_heartbeat_age_seconds{trainer="t-1"} 0.5',
    'weft_trainer_step_seconds{trainer="t-1",phase="compute"} 0.2',
    'weft_trainer_share{trainer="t-1"} 0.25',
    'weft_trainer_slow{trainer="t-1"} 1',
    'weft_trainers_lost_total 1',
    'weft_checkpoint_seconds 0.25',
  ]) {
    expect(lines).toContain(line);
  }
});

test('the series of a trainer that left are gone at the next reading', async () => {
  const { registry } = coordinator();
  expect(await registry.metrics()).toContain('trainer="t-1"');
  ages.delete('t-1');
  expect(await registry.metrics()).not.toContain('trainer="t-1"');
});

test('a forgotten run leaves no series, and old runs make room for new ones', async () => {
  const { registry, metrics } = coordinator();
  exercise(metrics);
  metrics.training.forgetRun('r-1');
  expect(await registry.metrics()).not.toContain('r-1');
  for (let i = 0; i < 100; i++) metrics.training.stepsCommitted(`run-${String(i)}`, outcome);
  const text = await registry.metrics();
  const runs = [...text.matchAll(/weft_steps_total\{run="run-(\d+)"\}/g)].map((match) => Number(match[1]));
  expect(runs).toEqual(Array.from({ length: 32 }, (_, i) => 68 + i));
});

test('a trainer tells whether it is attached and how often it had to', async () => {
  const registry = new Registry();
  const metrics = createTrainerMetrics(registry);
  for (const attached of [true, false, true]) metrics.attached(attached);
  metrics.training.stepsCommitted('r-1', outcome);
  const text = await registry.metrics();
  expect(text).toContain('weft_attached 1\n');
  expect(text).toContain('weft_attachments_total 2\n');
  expect(text).toContain('weft_examples_total{run="r-1"} 256\n');
});

test.skipIf(spawnSync('promtool', ['--version']).status !== 0)(
  'Prometheus itself finds nothing to object to (needs promtool)',
  async () => {
    const own = new Registry();
    exercise(createCoordinatorMetrics(own, sources));
    const strict = spawnSync('promtool', ['check', 'metrics'], { input: await own.metrics(), encoding: 'utf8' });
    expect([strict.status, strict.stderr, strict.stdout]).toEqual([0, '', '']);
    // The metrics of the Node process are prom-client's; that they can be read is enough.
    const process = createProcessRegistry();
    createTrainerMetrics(process).training.stepsCommitted('r-1', outcome);
    const parsed = spawnSync('promtool', ['check', 'metrics'], { input: await process.metrics(), encoding: 'utf8' });
    expect(parsed.stderr).not.toMatch(/error while|parsing/);
  },
);
