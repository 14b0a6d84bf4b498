/** One attached trainer: its stream, the frames that come and go on it, and when it was last heard of. */
import { WeftError, type TrainerId } from '@weft/core';
import {
  FrameAssembler,
  OutboundQueue,
  type AttachRequest,
  AttachResponseSchema,
  encodeMessage,
  type SharedTransfer,
  type CompletedTransfer,
  type Hello,
  type MessageInitShape,
  type MessageStream,
  type TransferReceiver,
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
  readonly #outbound: OutboundQueue;
  readonly #assembler: FrameAssembler;

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
    this.#outbound.send(encodeMessage(AttachResponseSchema, { body }));
  }

  /** Sends a transfer; calls `sent` when this trainer needs its bytes no more, which is also when the stream has ended. */
  sendTransfer(transfer: SharedTransfer, sent: () => void): void {
    this.#outbound.sendAll(transfer.messages(), sent);
  }

  /** Ends the stream; with an error the trainer is told it. */
  end(error?: WeftError): void {
    this.#stream.end(error);
  }
}
