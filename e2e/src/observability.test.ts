/** What is told of a cluster while it works: metrics, health and readiness of both services. */
import { expect, test } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus, openClient } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { train } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

test('both services serve health, readiness and the metrics of a run', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  for (const id of ['trainer-1', 'trainer-2']) cluster.startTrainer(id, coordinator);
  const { run } = await train(coordinator, await configurationOf({ model: 'initial-nn', epochs: 2 }), 2);
  const { trainers } = await coordinator.runs.getCluster({});
  const pages = [coordinator.httpAddress, ...trainers.map(({ httpAddress }) => httpAddress)];
  for (const address of pages) {
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
    expect((await fetch(`http://${address}/readyz`)).status).toBe(200);
  }
  const label = `run="${run.runId}"`;
  const [coordinatorPage = '', ...trainerPages] = pages;
  // Together the trainers have computed every example once; they hand over what they measured a few times a second.
  const computed = async (): Promise<number> => {
    const texts = await Promise.all(trainerPages.map(metricsPage));
    return texts.reduce((sum, text) => sum + valueOf(text, 'weft_examples_total', label), 0);
  };
  await expect.poll(computed, { timeout: 10_000 }).toBe(2 * 2700);
  const ofCoordinator = await metricsPage(coordinatorPage);
  expect(valueOf(ofCoordinator, 'weft_examples_total', label)).toBe(2 * 2700);
  expect(valueOf(ofCoordinator, 'weft_steps_total', label)).toBe(2 * 22);
  expect(valueOf(ofCoordinator, 'weft_world_size', label)).toBe(2);
  expect(valueOf(ofCoordinator, 'weft_frames_bytes_total', 'direction="received"')).toBeGreaterThan(0);
  expect(Number(/^weft_checkpoint_seconds (.*)$/m.exec(ofCoordinator)?.[1])).toBeGreaterThan(0);
  expect(valueOf(ofCoordinator, 'weft_validation_accuracy', label)).toBeCloseTo(
    run.epochs[1]?.validationAccuracy ?? -1,
    6,
  );
  for (const address of trainerPages) {
    const page = await metricsPage(address);
    for (const phase of ['compute', 'wait', 'reduce']) {
      expect(valueOf(page, 'weft_step_seconds_count', `phase="${phase}"`)).toBeGreaterThan(0);
    }
  }
});

test('gRPC health tells of each service, and a trainer without a coordinator is alive but not ready', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const health = openClient(Health, { address: coordinator.address });
  for (const service of ['', 'weft.v1.ClusterService', 'weft.v1.RunService']) {
    expect((await health.check({ service })).status).toBe(ServingStatus.SERVING);
  }
  await expect(health.check({ service: 'weft.v1.Nothing' })).rejects.toMatchObject({ code: 'not-found' });
  health.close();

  const trainer = cluster.startTrainer('trainer-1', coordinator);
  await trainer.untilOutput(/ attached coordinator=/);
  const { trainers } = await coordinator.runs.getCluster({});
  const address = trainers[0]?.httpAddress ?? '';
  await coordinator.process.end();
  await trainer.untilOutput(/trying again/);
  expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
  const ready = await fetch(`http://${address}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain('not attached to a coordinator');
});

async function metricsPage(address: string): Promise<string> {
  const response = await fetch(`http://${address}/metrics`);
  expect(response.status).toBe(200);
  return response.text();
}

/** The value of a sample with a label; throws where the page has none. */
function valueOf(page: string, name: string, label: string): number {
  const line = page.split('\n').find((text) => text.startsWith(`${name}{`) && text.includes(label));
  if (line === undefined) throw new Error(`no ${name} with ${label} in\n${page}`);
  return Number(line.slice(line.lastIndexOf(' ')));
}
