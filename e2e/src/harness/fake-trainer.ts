/** A trainer that is none: it speaks the protocol, computes nothing, and sends what a test wants sent. */
import { hash, randomUUID } from 'node:crypto';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import { initialParameters, loadTopology } from '@weft/nn-models';
import type { WeftError } from '@weft/core';
import {
  ClusterService,
  openClient,
  protocolVersion,
  type AttachRequestSchema,
  type AttachResponse,
  type MessageInitShape,
  type MessageStream,
} from '@weft/wire';
import type { RunningCoordinator } from './coordinator-process.ts';

type Request = MessageInitShape<typeof AttachRequestSchema>;
type Body = Exclude<AttachResponse['body'], { case: undefined }>;
/** What each kind of message says. */
type Values = { readonly [B in Body as B['case']]: B['value'] };

const answerTimeoutMs = 20_000;

/** What it says of itself. */
export interface Greeting {
  readonly trainerId: string;
  readonly protocolVersion?: number;
  readonly engineFingerprint?: string;
}

export class FakeTrainer {
  /** The error with which the coordinator ended the stream, if any. */
  readonly ended: Promise<WeftError | undefined>;
  readonly #stream: MessageStream<Request, AttachResponse>;
  readonly #received: Body[] = [];
  #look: () => void = () => undefined;

  /** Attaches and says hello. */
  constructor({ address }: Pick<RunningCoordinator, 'address'>, greeting: Greeting) {
    // It may send more than a sound client would let through.
    const client = openClient(ClusterService, { address, options: { 'grpc.max_send_message_length': -1 } });
    onTestFinished(client.close);
    this.#stream = client.attach({ signal: AbortSignal.timeout(60_000) });
    this.ended = new Promise((resolve) => {
      this.#stream.onEnd(resolve);
    });
    this.#stream.onMessage(({ body }) => {
      if (body.case !== undefined) this.#received.push(body);
      this.#look();
    });
    this.send({
      case: 'hello',
      value: { protocolVersion, instanceId: randomUUID(), processId: process.pid, ...greeting },
    });
  }

  send(body: NonNullable<Request['body']>, payload: Uint8Array = new Uint8Array()): void {
    this.#stream.send({ body, payload });
  }

  /** The first message of a kind, now or within 20 s. Rejects with what came instead. */
  until<K extends keyof Values>(kind: K): Promise<Values[K]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const kinds = this.#received.map((body) => body.case).join(', ');
        reject(new Error(`no ${kind} came within ${String(answerTimeoutMs)} ms, but ${kinds}`));
      }, answerTimeoutMs);
      this.#look = () => {
        const found = this.#received.find((body) => body.case === kind);
        if (found === undefined) return;
        clearTimeout(timer);
        // A body's case says which value it has.
        resolve(found.value as Values[K]);
      };
      this.#look();
    });
  }

  /** Answers the request to open a run as a trainer with a sound replica would. Resolves when it has computed work to do. */
  async takePart(): Promise<void> {
    const { runId, configuration } = await this.until('openRun');
    const model = await loadTopology(configuration?.model?.topologyJson ?? '');
    const parameters = initialParameters(model, Number(configuration?.seed));
    model.dispose();
    this.send({
      case: 'ready',
      value: {
        runId,
        position: 0n,
        layoutSize: BigInt(parameters.length),
        snapshotBytes: BigInt(parameters.byteLength),
        weightsDigest: hash('sha256', new Uint8Array(parameters.buffer), 'hex'),
        dataSetIdentity: configuration?.dataSet?.identity ?? '',
      },
    });
    await this.until('regroup');
  }
}
