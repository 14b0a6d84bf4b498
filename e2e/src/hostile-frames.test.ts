/** Trainers that break the rules of the wire: each is cut off with the reason, and the run loses nothing. */
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { frameBytes, maxMessageBytes, type TransferSubject } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { FakeTrainer } from './harness/fake-trainer.ts';
import { submit, train, untilFinished } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

interface Breach {
  readonly name: string;
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly wrongChecksum?: boolean;
  readonly code: string;
  /** What the sender is told. */
  readonly says: RegExp;
  /** What others are told of the sender, where that is something else. */
  readonly notice?: RegExp;
}

const layoutBytes = 25_450 * 4;
const breaches: readonly Breach[] = [
  {
    name: 'wrong-shape',
    bytes: layoutBytes - 4,
    code: 'invalid-argument',
    says: /a partial of 101796 bytes was sent; it must have 101800 \(25450 float32 values/,
  },
  {
    name: 'large-frame',
    bytes: frameBytes + 1,
    code: 'too-large',
    says: /a frame has 262145 bytes, the limit is 262144/,
  },
  {
    name: 'large-message',
    bytes: maxMessageBytes + 1,
    code: 'too-large',
    says: /[Rr]eceived message larger than max/,
    notice: /message broke a limit/,
  },
  {
    name: 'large-transfer',
    bytes: 8,
    totalBytes: 5e9,
    code: 'too-large',
    says: /partial of 5000000000 bytes, the limit is/,
  },
  {
    name: 'bad-checksum',
    bytes: layoutBytes,
    wrongChecksum: true,
    code: 'corrupt',
    says: /101800 bytes at 0 have CRC-32 0x[0-9a-f]{8}, the frame says 0x[0-9a-f]{8}/,
  },
];

test('a wrong shape, an oversized frame, message or transfer, and a bad checksum cost the sender its place, and the run nothing', async () => {
  const cluster = await ClusterProcesses.open();
  // The fakes send no heartbeats.
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '60s');
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 2, optimizer: 'sgd' });
  cluster.startTrainer('sound', coordinator);
  const { run, weightsDigest } = await train(coordinator, configuration);
  const { engineFingerprint } = run;

  const fakes = breaches.map(({ name }) => new FakeTrainer(coordinator, { trainerId: name, engineFingerprint }));
  await Promise.all(fakes.map((fake) => fake.until('welcome')));
  const runId = await submit(coordinator, configuration, 1 + fakes.length);
  await Promise.all(fakes.map((fake) => fake.takePart()));
  for (const [index, fake] of fakes.entries()) breach(fake, runId, breaches[index]);

  const ended = await untilFinished(coordinator, runId);
  expect(ended.weightsDigest).toBe(weightsDigest);
  expect(ended.run.epochs.at(-1)?.worldSize).toBe(1);
  for (const [index, fake] of fakes.entries()) {
    const { name, code, says, notice } = breaches[index] ?? { name: '', code: '', says: /never/ };
    expect(await fake.ended, name).toMatchObject({ code, message: expect.stringMatching(says) as string });
    const [lost] = await coordinator.process.untilOutput(new RegExp(`trainer ${name} lost: .*`));
    expect(lost).toMatch(notice ?? says);
  }
  expect((await coordinator.runs.getCluster({})).trainers.map(({ trainerId }) => trainerId)).toEqual(['sound']);
});

function breach(fake: FakeTrainer, runId: string, how: Breach | undefined): void {
  const payload = new Uint8Array(how?.bytes ?? 0);
  const about: TransferSubject = {
    case: 'partial',
    value: {
      $typeName: 'weft.v1.Partial',
      runId,
      ...{ generation: 1n, position: 0n, level: 0, index: 0, lossSum: 0, correctCount: 0n },
    },
  };
  const checksum = crc32(payload);
  fake.send(
    {
      case: 'frame',
      value: {
        transfer: 1n,
        offset: 0n,
        totalBytes: BigInt(how?.totalBytes ?? payload.length),
        crc32: how?.wrongChecksum === true ? (checksum ^ 1) >>> 0 : checksum,
        about,
      },
    },
    payload,
  );
}
