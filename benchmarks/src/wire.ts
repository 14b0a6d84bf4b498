/**
 * Times the wire between two processes on loopback: small messages, a stream of frames, and transfers there and back.
 *
 * `node benchmarks/src/wire.ts [--options JSON]` prints one JSON object; `--options` overrides channel options of both ends.
 */
import {
  bindService,
  ClusterService,
  create,
  FrameAssembler,
  openClient,
  splitTransfer,
  startGrpcServer,
  UpdateSchema,
  type AttachRequest,
  type AttachResponse,
  type MessageStream,
  type TransferSubject,
} from '@weft/wire';
import { fork, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { serve: { type: 'boolean' }, options: { type: 'string' } } });
const options = JSON.parse(values.options ?? '{}') as Record<string, number>;
const about: TransferSubject = { case: 'update', value: create(UpdateSchema, { runId: 'benchmark' }) };

type Message = AttachRequest | AttachResponse;
type Stream = MessageStream<{ body?: Message['body'] & { case: 'frame' }; payload?: Uint8Array }, Message>;

/** Sends a transfer, waiting wherever the stream is full. */
async function sendTransfer(stream: Stream, transfer: bigint, bytes: Uint8Array): Promise<void> {
  for (const { frame, payload } of splitTransfer(transfer, about, bytes)) {
    if (!stream.send({ body: { case: 'frame', value: frame }, payload })) await stream.drained();
  }
}

function assembler(): FrameAssembler {
  const buffers = new Map<number, Uint8Array>();
  return new FrameAssembler({
    maxTransferBytes: 1 << 30,
    maxOpenTransfers: 1,
    begin: (_about, totalBytes) => {
      const buffer = buffers.get(totalBytes) ?? new Uint8Array(totalBytes);
      buffers.set(totalBytes, buffer);
      return buffer;
    },
  });
}

/** The other process: sends back every small message, and every transfer that is complete unless it is a large one. */
async function serve(): Promise<void> {
  const attach = (stream: Stream): void => {
    const frames = assembler();
    stream.onMessage(({ body, payload }) => {
      if (body.case !== 'frame') {
        stream.send({ payload });
        return;
      }
      const done = frames.accept(body.value, payload);
      if (done?.bytes === undefined) return;
      void sendTransfer(stream, done.transfer, done.bytes.length > 1 << 22 ? new Uint8Array(0) : done.bytes);
    });
  };
  const heartbeat = (): Promise<Record<string, never>> => Promise.resolve({});
  const service = bindService(ClusterService, { attach, heartbeat }, (thrown) => {
    throw thrown;
  });
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [service], options });
  process.send?.(server.address);
  process.once('disconnect', () => void server.stop(0));
}

function startOther(): Promise<{ child: ChildProcess; address: string }> {
  const child = fork(import.meta.filename, ['--serve', '--options', JSON.stringify(options)]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (address: string) => {
      resolve({ child, address });
    });
  });
}

interface Timing {
  readonly medianMs: number;
  readonly p90Ms: number;
}

async function time(repetitions: number, once: () => Promise<void>): Promise<Timing> {
  const durations: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await once();
    durations.push(performance.now() - start);
  }
  const sorted = durations.slice(Math.floor(repetitions / 5)).toSorted((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(4));
  return { medianMs: at(0.5), p90Ms: at(0.9) };
}

async function measure(): Promise<void> {
  const { child, address } = await startOther();
  const client = openClient(ClusterService, { address, options });
  const stream = client.attach() as Stream;
  const frames = assembler();
  let arrived: () => void = () => undefined;
  stream.onMessage(({ body, payload }) => {
    if (body.case !== 'frame' || frames.accept(body.value, payload) !== undefined) arrived();
  });
  let transfer = 0n;
  const echo = (bytes: Uint8Array) => async (): Promise<void> => {
    const back = new Promise<void>((resolve) => (arrived = resolve));
    await sendTransfer(stream, transfer++, bytes);
    await back;
  };
  const small = await time(3000, async () => {
    const back = new Promise<void>((resolve) => (arrived = resolve));
    stream.send({ payload: Uint8Array.of(1) });
    await back;
  });
  const there102kB = await time(1000, echo(new Uint8Array(101_800).fill(5)));
  const there900kB = await time(300, echo(new Uint8Array(900_000).fill(5)));
  const uploadBytes = 64 << 20;
  const upload = await time(8, echo(new Uint8Array(uploadBytes).fill(5)));
  stream.end();
  client.close();
  child.disconnect();
  const uploadMBs = Math.round(uploadBytes / 1e3 / upload.medianMs);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const results = { smallRoundTrip: small, roundTrip102kB: there102kB, roundTrip900kB: there900kB, uploadMBs };
  process.stdout.write(
    `${JSON.stringify({ benchmark: 'wire', date: new Date().toISOString(), machine, options, ...results })}\n`,
  );
}

await (values.serve === true ? serve() : measure());
