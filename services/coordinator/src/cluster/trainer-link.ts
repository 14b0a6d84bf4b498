/** One attached trainer: its stream, the frames that come and go on it, and when it was last heard of. */
import { WeftError, type TrainerId } from '@weft/core';
import {
  FrameAssembler,
  OutboundQueue,
  splitTransfer,
  type AttachRequest,
  type AttachResponseSchema,
  type CompletedTransfer,
  type Hello,
  type MessageInitShape,
  type MessageStream,
  type TransferReceiver,
  type TransferSubject,
} from '@weft/wire';

type Response = MessageInitShape<typeof AttachResponseSchema>;

/** The two-way stream of a trainer, seen from the coordinator. */
export type TrainerStream = MessageStream<Response, AttachRequest>;

/** What a message to a trainer says. */
export type ResponseBody = NonNullable<Response['body']>;

export class TrainerLink {
  readonly id: TrainerId;
  readonly hello: Hello;
  readonly #stream: TrainerStream;
  readonly #outbound: OutboundQueue<Response>;
  readonly #assembler: FrameAssembler;
  #nextTransfer = 1n;

  /** On the coordinator's monotonic clock, in milliseconds. */
  lastHeardMs: number;

  constructor(id: TrainerId, hello: Hello, stream: TrainerStream, receiver: TransferReceiver, nowMs: number) {
    this.id = id;
    this.hello = hello;
    this.#stream = stream;
    this.#outbound = new OutboundQueue(stream);
    this.#assembler = new FrameAssembler(receiver);
    this.lastHeardMs = nowMs;
  }

  /** Takes a frame; gives the transfer when it is complete. Throws `WeftError` for a frame that breaks a rule. */
  accept(message: AttachRequest): CompletedTransfer | undefined {
    if (message.body.case !== 'frame') throw new WeftError('invalid-argument', 'a frame was expected');
    return this.#assembler.accept(message.body.value, message.payload);
  }

  send(body: ResponseBody): void {
    this.#outbound.send({ body });
  }

  /** Sends `bytes` in frames; they must not change until `sent` is called, which it also is when the stream has ended. */
  sendTransfer(about: TransferSubject, bytes: Uint8Array, sent: () => void): void {
    const frames = splitTransfer(this.#nextTransfer++, about, bytes);
    this.#outbound.sendAll(
      frames.map(({ frame, payload }): Response => ({ body: { case: 'frame', value: frame }, payload })),
      sent,
    );
  }

  /** Ends the stream; with an error the trainer is told it. */
  end(error?: WeftError): void {
    this.#stream.end(error);
  }
}
