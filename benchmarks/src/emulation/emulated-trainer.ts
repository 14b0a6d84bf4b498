/**
 * A trainer that computes nothing: it speaks the protocol of the star with payloads of the right size, so that dozens fit into one process.
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
  type AttachResponse,
  type MessageInitShape,
  type MessageStream,
} from '@weft/wire';

type Request = MessageInitShape<typeof AttachRequestSchema>;

/** What an emulated trainer is told. */
export interface EmulatedTrainerSettings {
  readonly coordinator: string;
  readonly trainerId: string;
  /** Elements of a contribution. */
  readonly layoutSize: number;
  readonly chunkCount: number;
}

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
  #transfers = 1n;
  #sentBytes = 0;
  #receivedBytes = 0;
  #steps = 0;

  /** Attaches. `failed` hears why the stream ended, unless `close` ended it. */
  constructor(settings: EmulatedTrainerSettings, contribution: Uint8Array, failed: (reason: string) => void) {
    this.#settings = settings;
    this.#contribution = contribution;
    this.#failed = failed;
    this.#client = openClient(ClusterService, { address: settings.coordinator });
    this.#stream = this.#client.attach();
    this.#outbound = new OutboundQueue(this.#stream);
    this.#assembler = new FrameAssembler({ ...transferLimits, begin: () => 'discard' });
    this.#stream.onEnd((error) => {
      this.#failed(`${settings.trainerId}: ${error?.message ?? 'the coordinator closed the stream'}`);
    });
    this.#stream.onMessage((message) => {
      this.#take(message);
    });
    this.#send({
      case: 'hello',
      value: {
        ...{ trainerId: settings.trainerId, protocolVersion, engineFingerprint: 'emulation' },
        ...{ httpAddress: '', processId: process.pid, instanceId: randomUUID() },
      },
    });
  }

  /** Payload bytes so far, and steps whose mean has arrived. */
  get counts(): { readonly sentBytes: number; readonly receivedBytes: number; readonly steps: number } {
    return { sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes, steps: this.#steps };
  }

  close(): void {
    this.#stream.onEnd(() => undefined);
    this.#client.close();
  }

  #take({ body, payload }: AttachResponse): void {
    switch (body.case) {
      case 'openRun':
        this.#runId = body.value.runId;
        this.#ready(body.value.configuration?.dataSet?.identity ?? '');
        return;
      case 'regroup': {
        const { generation, chunks, position } = body.value;
        this.#generation = generation;
        this.#chunks = chunks;
        this.#contribute(position);
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
