/** Connections between two trainers that break while both reach the coordinator. */
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { Gate } from '../harness/gate.ts';
import { LongRun } from './long-run.ts';

/** An address of the loopback interface at which nobody listens. */
async function freeAddress(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A listening TCP server has such an address.
      resolve((server.address() as AddressInfo).port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${String(port)}`;
}

test('a connection between two trainers that breaks is tried once more, then the run goes on through the coordinator', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const listen = await freeAddress();
  const gate = await Gate.before(listen);
  onTestFinished(() => gate.end());
  cluster.startTrainer('near', coordinator);
  cluster.startTrainer('far', coordinator, '--peer-listen', listen, '--peer-address', gate.address);
  const run = await LongRun.begin(coordinator, 2, { transport: 'direct' });
  gate.cut();
  await coordinator.process.untilOutput(/trainer near cannot reach far: .*; they try once more/);
  await run.untilAtWork(2);
  expect((await run.until(() => true)).transport).toBe('direct');
  gate.cut();
  await coordinator.process.untilOutput(/trainer near cannot reach far: .*; the run goes on through the coordinator/);
  await run.until(({ transport }) => transport === 'star');
  await run.untilAtWork(2);
  await run.verify();
  expect(coordinator.process.output).not.toMatch(/ lost/);
});

test('a trainer that others cannot reach at the address it tells trains with them through the coordinator', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  cluster.startTrainer('near', coordinator);
  cluster.startTrainer('far', coordinator, '--peer-address', await freeAddress());
  const run = await LongRun.begin(coordinator, 2, { transport: 'direct' });
  await coordinator.process.untilOutput(/trainer near cannot reach far: .*; the run goes on through the coordinator/);
  await run.until(({ transport }) => transport === 'star');
  await run.untilAtWork(2);
  await run.verify();
});
