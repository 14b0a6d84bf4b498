/** What other trainers of the gang send to this one: frames become commands to the training loop. */
import { WeftError } from '@weft/core';
import {
  FrameAssembler,
  protocolVersion,
  type CompletedTransfer,
  type ExchangeRequest,
  type Mean,
  type MessageStream,
  type PeerPartial,
  type TransferSubject,
} from '@weft/wire';
import type { ComputeCommand, PeerLabel } from '../compute/commands.ts';

/** The call of another trainer, seen from this one. */
export type PeerStream = MessageStream<Record<string, never>, ExchangeRequest>;

/** The run in hand, as far as others may send for it. */
export interface OpenLayout {
  readonly runId: string;
  /** Elements of a contribution. */
  readonly layoutSize: number;
}

const maxTransferBytes = 4_000_000_000;
const maxOpenTransfers = 8;

export class PeerInbox {
  readonly #command: (command: ComputeCommand) => void;
  readonly #received: (bytes: number) => void;
  readonly #streams = new Set<PeerStream>();
  #layout: OpenLayout | undefined;

  constructor(command: (command: ComputeCommand) => void, received: (bytes: number) => void) {
    this.#command = command;
    this.#received = received;
  }

  /** The run for which transfers are taken; without, all are dropped, those too that have begun. */
  set layout(layout: OpenLayout | undefined) {
    this.#layout = layout;
  }

  /** Serves the call of another trainer. A message that breaks a rule ends it. */
  accept(stream: PeerStream): void {
    let greeted = false;
    const assembler = new FrameAssembler({
      maxTransferBytes,
      maxOpenTransfers,
      begin: (about, totalBytes) => this.#begin(about, totalBytes),
    });
    this.#streams.add(stream);
    stream.onEnd(() => {
      this.#streams.delete(stream);
    });
    stream.onMessage(({ body, payload }) => {
      if (body.case === 'hello' && !greeted) {
        greeted = true;
        requireVersion(body.value.trainerId, body.value.protocolVersion);
      } else if (body.case === 'frame' && greeted) {
        this.#received(payload.length);
        const transfer = assembler.accept(body.value, payload);
        if (transfer !== undefined) this.#take(transfer);
      } else {
        throw new WeftError('invalid-argument', `a trainer sent ${body.case ?? 'an empty message'} out of turn`);
      }
    });
  }

  /** Ends all calls. */
  close(): void {
    for (const stream of this.#streams) stream.end(new WeftError('unavailable', 'the trainer is stopping'));
  }

  #begin(about: TransferSubject, totalBytes: number): Uint8Array | 'discard' | WeftError {
    if (about.case !== 'peerPartial' && about.case !== 'mean') {
      return new WeftError('invalid-argument', `a trainer does not send another a transfer of kind ${about.case}`);
    }
    const layout = this.#layout;
    if (about.value.runId !== layout?.runId) return 'discard';
    const limit = layout.layoutSize * 4;
    if (totalBytes <= limit && totalBytes % 4 === 0) return new Uint8Array(new Float32Array(totalBytes / 4).buffer);
    const rule = `it must be a multiple of 4 up to ${String(limit)}`;
    return new WeftError('invalid-argument', `a ${about.case} of ${String(totalBytes)} bytes was sent; ${rule}`);
  }

  #take({ about, bytes }: CompletedTransfer): void {
    // The run may have been closed since the transfer began.
    if (bytes === undefined || about.value.runId !== this.#layout?.runId) return;
    // `#begin` gave the bytes of a whole Float32Array.
    const values = new Float32Array(bytes.buffer as ArrayBuffer);
    if (about.case === 'peerPartial') {
      const { hasChunks, level, index, lossSum, correctCount, hold } = about.value;
      const sums = { loss: lossSum, correct: Number(correctCount) };
      const partial = { ...(hasChunks ? { node: { level, index } } : {}), values, sums, hold };
      this.#command({ kind: 'peer-partial', label: labelOf(about.value), partial });
    } else if (about.case === 'mean') {
      const { lossSum, correctCount, pieceDigests, finite, hold } = about.value;
      const sums = { loss: lossSum, correct: Number(correctCount) };
      const mean = { values, sums, digests: pieceDigests.slice(), finite, hold };
      this.#command({ kind: 'peer-mean', label: labelOf(about.value), mean });
    }
  }
}

function labelOf(header: PeerPartial | Mean): PeerLabel {
  const { runId, generation, position, rank } = header;
  return { runId, generation: Number(generation), position: Number(position), rank };
}

function requireVersion(trainer: string, version: number): void {
  if (version === protocolVersion) return;
  const text = `trainer ${trainer} speaks protocol version ${String(version)}, this one ${String(protocolVersion)}`;
  throw new WeftError('incompatible', `${text}; run one version of Weft everywhere`);
}
