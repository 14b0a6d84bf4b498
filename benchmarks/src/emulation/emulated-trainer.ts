/**
 * A trainer that computes nothing: it speaks the protocol with payloads of the right size, so that dozens fit into one process.
 *
 * What it sends and receives is real, over a connection of its own; gradients are a constant, which takes the time of no engine.
 */
import { randomUUID } from 'node:crypto';
import { coverRange, type ChunkRange } from '@weft/core';
import {
  AttachRequestSchema,
  ClusterService,
  encodeMessage,
  FrameAssembler,
  openClient,
  OutboundQueue,
  protocolVersion,
  splitTransfer,
  Transport,
  type AttachResponse,
  type MessageInitShape,
  type MessageStream,
} from '@weft/wire';

import { EmulatedExchange } from './emulated-exchange.ts';

type Request = MessageInitShape<typeof AttachRequestSchema>;

/** What an emulated trainer is told. */
export interface EmulatedTrainerSettings {
  readonly coordinator: string;
  readonly trainerId: string;
  /** Elements of a contribution. */
  readonly layoutSize: number;
  readonly chunkCount: number;
  /** Whether it can exchange with the others directly. */
  readonly direct: boolean;
}

/** How often the first rank of a direct gang says what was committed: as a real one. */
const reportIntervalMs = 100;
const gradientDigest = new Uint8Array(32);
const transferLimits = { maxTransferBytes: 4_000_000_000, maxOpenTransfers: 8 };

export class EmulatedTrainer {
  readonly #settings: EmulatedTrainerSettings;
  readonly #client;
  readonly #stream: MessageStream<Request, AttachResponse>;
  readonly #outbound: OutboundQueue;
  readonly #assembler: FrameAssembler;
  readonly #contribution: Uint8Array;
  readonly #failed: (reason: string) => void;
  #runId = '';
  #generation = 0n;
  #chunks: readonly ChunkRange[] = [];
  #exchange: EmulatedExchange | undefined;
  #rank = 0;
  #committed: bigint[] = [];
  #reportedMs = performance.now();
  #closed = false;
  #transfers = 1n;
  #sentBytes = 0;
  #receivedBytes = 0;
  #steps = 0;

  /** Attaches, after it listens for the others where it is to exchange with them. `failed` hears why a stream ended too early. */
  static async attach(
    settings: EmulatedTrainerSettings,
    contribution: Uint8Array,
    failed: (reason: string) => void,
  ): Promise<EmulatedTrainer> {
    const trainer = new EmulatedTrainer(settings, contribution, failed);
    if (settings.direct) {
      const stepped = (position: bigint): void => {
        trainer.#stepped(position);
      };
      trainer.#exchange = await EmulatedExchange.listen(settings.trainerId, contribution, { stepped, failed });
    }
    trainer.#sayHello();
    return trainer;
  }

  private constructor(settings: EmulatedTrainerSettings, contribution: Uint8Array, failed: (reason: string) => void) {
    this.#settings = settings;
    this.#contribution = contribution;
    this.#failed = failed;
    this.#client = openClient(ClusterService, { address: settings.coordinator });
    this.#stream = this.#client.attach();
    this.#outbound = new OutboundQueue(this.#stream);
    this.#assembler = new FrameAssembler({ ...transferLimits, begin: () => 'discard' });
    this.#stream.onEnd((error) => {
      if (!this.#closed)
        this.#failed(`${settings.trainerId}: ${error?.message ?? 'the coordinator closed the stream'}`);
    });
    this.#stream.onMessage((message) => {
      this.#take(message);
    });
  }

  #sayHello(): void {
    const { trainerId } = this.#settings;
    this.#send({
      case: 'hello',
      value: {
        ...{ trainerId, protocolVersion, engineFingerprint: 'emulation', httpAddress: '', processId: process.pid },
        ...{ instanceId: randomUUID(), peerAddress: this.#exchange?.address ?? '' },
      },
    });
  }

  /** Payload bytes so far, and steps whose mean has arrived. */
  get counts(): { readonly sentBytes: number; readonly receivedBytes: number; readonly steps: number } {
    const { sentBytes = 0, receivedBytes = 0 } = this.#exchange ?? {};
    return {
      sentBytes: this.#sentBytes + sentBytes,
      receivedBytes: this.#receivedBytes + receivedBytes,
      steps: this.#steps,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#client.close();
    await this.#exchange?.close();
  }

  #take({ body, payload }: AttachResponse): void {
    switch (body.case) {
      case 'openRun':
        this.#runId = body.value.runId;
        this.#ready(body.value.configuration?.dataSet?.identity ?? '');
        return;
      case 'regroup': {
        const { generation, chunks, position, rank, members, transport } = body.value;
        const { chunkCount } = this.#settings;
        this.#generation = generation;
        this.#chunks = chunks;
        this.#rank = rank;
        const runId = this.#runId;
        if (transport === Transport.DIRECT)
          this.#exchange?.join({ runId, generation, rank, peers: members, chunks, chunkCount, position });
        else this.#contribute(position);
        return;
      }
      case 'frame': {
        this.#receivedBytes += payload.length;
        const transfer = this.#assembler.accept(body.value, payload);
        if (transfer?.about.case !== 'update') return;
        this.#steps++;
        if (!transfer.about.value.hold) this.#contribute(transfer.about.value.position + 1n);
        return;
      }
      default:
        return;
    }
  }

  #stepped(position: bigint): void {
    this.#steps++;
    if (this.#rank !== 0) return;
    this.#committed.push(position);
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < reportIntervalMs) return;
    this.#reportedMs = nowMs;
    const steps = this.#committed.map((at) => ({ position: at, lossSum: 1, correctCount: 0n, gradientDigest }));
    this.#committed = [];
    this.#send({ case: 'committedSteps', value: { runId: this.#runId, generation: this.#generation, steps } });
  }

  #ready(dataSetIdentity: string): void {
    const { layoutSize } = this.#settings;
    this.#send({
      case: 'ready',
      value: {
        ...{ runId: this.#runId, position: 0n, layoutSize: BigInt(layoutSize), snapshotBytes: BigInt(layoutSize * 4) },
        ...{ weightsDigest: 'emulation', dataSetIdentity },
      },
    });
  }

  /** Sends the partials of its chunks, as the trainer of a step would once it had computed them. */
  #contribute(position: bigint): void {
    const { chunkCount } = this.#settings;
    for (const { level, index } of this.#chunks.flatMap((range) => coverRange(range, chunkCount))) {
      const value = {
        $typeName: 'weft.v1.Partial' as const,
        ...{ runId: this.#runId, generation: this.#generation, position },
        ...{ level, index, lossSum: 1, correctCount: 0n },
      };
      this.#sentBytes += this.#contribution.length;
      const frames = splitTransfer(this.#transfers++, { case: 'partial', value }, this.#contribution);
      this.#outbound.sendAll(
        frames.map(({ frame, payload }) =>
          encodeMessage(AttachRequestSchema, { body: { case: 'frame', value: frame }, payload }),
        ),
        () => undefined,
      );
    }
  }

  #send(body: NonNullable<Request['body']>): void {
    this.#outbound.send(encodeMessage(AttachRequestSchema, { body }));
  }
}
