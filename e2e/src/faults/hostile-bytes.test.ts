/** Strangers on the coordinator's ports, and a trainer that talks without end: runs do not notice. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { FakeTrainer } from '../harness/fake-trainer.ts';
import { Split } from '@weft/wire';
import { LongRun } from './long-run.ts';

const floodedMessages = 20_000;

/** Sends bytes that are no protocol; resolves when the other side has closed the connection. */
function sendGarbage(address: string): Promise<void> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${address} keeps a connection on which garbage came`));
    }, 10_000);
    const socket = connect(Number(port), hostname, () => socket.write(randomBytes(100_000)));
    // Being reset while it still writes is as good an answer.
    socket.on('error', () => undefined).resume();
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

test('garbage on the gRPC and the HTTP port is answered with a closed connection', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const trainer = cluster.startTrainer('trainer-1', coordinator);
  const run = await LongRun.begin(coordinator, 1);
  await Promise.all([coordinator.address, coordinator.httpAddress].map(sendGarbage));
  await run.untilAtWork(1);
  await run.verify();
  expect(trainer.output).not.toContain('detached');
});

test('a trainer that floods the coordinator with messages of no use disturbs nobody', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '20s');
  const sound = cluster.startTrainer('sound', coordinator);
  const run = await LongRun.begin(coordinator, 1);
  const { engineFingerprint } = await run.until(() => true);
  const fake = new FakeTrainer(coordinator, { trainerId: 'flood', engineFingerprint });
  await fake.until('openRun');
  for (let sent = 0; sent < floodedMessages; sent++) {
    const { runId } = run;
    const chunks = [{ index: 0, lossSum: 0, correctCount: 0n }];
    fake.send({
      case: 'evaluationPart',
      value: { runId, position: 1n, split: Split.VALIDATION, chunks, weightsDigest: 'none' },
    });
  }
  await run.untilAtWork(1);
  fake.send({ case: 'leave', value: { reason: 'it has said enough' } });
  await coordinator.process.untilOutput(/trainer detached trainer=flood reason="it left: it has said enough"/);
  await run.verify();
  expect(sound.output).not.toContain('detached');
});
