/**
 * Puts the frames of one direction of one stream together again.
 *
 * Nothing is believed: sizes, order, numbers and checksums are checked before a byte is kept, and every breach is a `WeftError`
 * that names the transfer, the value and the rule. After one, the stream cannot be trusted and should be ended.
 */
import { invariant, WeftError, type ErrorCode } from '@weft/core';
import { crc32 } from 'node:zlib';
import { frameBytes } from './connection-options.ts';
import type { TransferSubject } from './frame-split.ts';
import type { Frame } from './gen/weft/v1/cluster_pb.ts';

/** A transfer whose last frame has arrived. */
export interface CompletedTransfer {
  readonly transfer: bigint;
  readonly about: TransferSubject;
  /** The buffer that `begin` gave, now filled; absent for a discarded transfer. */
  readonly bytes: Uint8Array | undefined;
}

/** What the receiver decides about incoming transfers. */
export interface TransferReceiver {
  /** Bytes that no transfer may exceed, whatever it is. */
  readonly maxTransferBytes: number;
  /** Transfers that may be open at a time. */
  readonly maxOpenTransfers: number;
  /**
   * Called at the first frame of a transfer. Gives the buffer to fill, of exactly `totalBytes` bytes, which the assembler may
   * write until the transfer completes; or `discard` to check the transfer and drop it (a stale one, say); or the error to fail
   * with, such as a size that does not fit what the transfer is about.
   */
  begin(about: TransferSubject, totalBytes: number): Uint8Array | 'discard' | WeftError;
}

interface OpenTransfer {
  readonly about: TransferSubject;
  readonly totalBytes: number;
  readonly target: Uint8Array | undefined;
  received: number;
}

/** Assembles transfers from frames; see the head of this file. */
export class FrameAssembler {
  readonly #receiver: TransferReceiver;
  readonly #open = new Map<bigint, OpenTransfer>();
  #lastBegun = -1n;

  constructor(receiver: TransferReceiver) {
    this.#receiver = receiver;
  }

  /** Transfers that have begun and not yet completed. */
  get openCount(): number {
    return this.#open.size;
  }

  /**
   * Takes the next frame of the stream, copies its payload into place, and returns the transfer if it is complete now.
   *
   * @throws WeftError `corrupt` (checksum, gap), `too-large` (frame or transfer), `resource-exhausted` (open transfers),
   * `invalid-argument` (all else), or whatever `begin` answered.
   */
  accept(frame: Frame, payload: Uint8Array): CompletedTransfer | undefined {
    const id = frame.transfer;
    if (payload.length > frameBytes) {
      fail('too-large', id, `a frame has ${String(payload.length)} bytes, the limit is ${String(frameBytes)}`);
    }
    const open = this.#open.get(id) ?? this.#begin(frame);
    checkPlace(frame, payload, open);
    const actual = crc32(payload);
    if (actual !== frame.crc32) {
      const place = `${String(payload.length)} bytes at ${String(frame.offset)}`;
      fail('corrupt', id, `${place} have CRC-32 ${hex(actual)}, the frame says ${hex(frame.crc32)}`);
    }
    open.target?.set(payload, open.received);
    open.received += payload.length;
    if (open.received < open.totalBytes) {
      this.#open.set(id, open);
      return undefined;
    }
    this.#open.delete(id);
    return { transfer: id, about: open.about, bytes: open.target };
  }

  #begin(frame: Frame): OpenTransfer {
    const { transfer: id, about, totalBytes } = frame;
    if (id <= this.#lastBegun) {
      const last = String(this.#lastBegun);
      fail('invalid-argument', id, `it is not open, and its number is not above ${last}, the last one begun`);
    }
    if (frame.offset !== 0n || about.case === undefined) {
      const what = about.case === undefined ? 'does not say what it is' : 'begins in the middle';
      fail('invalid-argument', id, `its first frame, at offset ${String(frame.offset)}, ${what}`);
    }
    const { maxTransferBytes, maxOpenTransfers } = this.#receiver;
    if (totalBytes > BigInt(maxTransferBytes)) {
      fail('too-large', id, `${about.case} of ${String(totalBytes)} bytes, the limit is ${String(maxTransferBytes)}`);
    }
    if (this.#open.size >= maxOpenTransfers) {
      fail(
        'resource-exhausted',
        id,
        `${String(this.#open.size)} others are open, the limit is ${String(maxOpenTransfers)}`,
      );
    }
    const target = this.#receiver.begin(about, Number(totalBytes));
    if (target instanceof WeftError) throw target;
    const fits = target === 'discard' || target.length === Number(totalBytes);
    invariant(fits, `the buffer for transfer ${String(id)} must have its ${String(totalBytes)} bytes`);
    this.#lastBegun = id;
    return { about, totalBytes: Number(totalBytes), target: target === 'discard' ? undefined : target, received: 0 };
  }
}

/** Checks that the frame is the next piece of its transfer and says nothing that contradicts the first frame. */
function checkPlace(frame: Frame, payload: Uint8Array, open: OpenTransfer): void {
  const { transfer: id } = frame;
  if (frame.offset !== BigInt(open.received)) {
    fail('corrupt', id, `a frame has offset ${String(frame.offset)}, the next byte is ${String(open.received)}`);
  }
  if (open.received > 0 && frame.about.case !== undefined) {
    fail(
      'invalid-argument',
      id,
      `only its first frame may say what it is, the one at ${String(frame.offset)} does too`,
    );
  }
  if (frame.totalBytes !== BigInt(open.totalBytes)) {
    fail(
      'invalid-argument',
      id,
      `its total changes from ${String(open.totalBytes)} to ${String(frame.totalBytes)} bytes`,
    );
  }
  if (open.received + payload.length > open.totalBytes) {
    const end = String(open.received + payload.length);
    fail('invalid-argument', id, `a frame reaches to byte ${end}, the total is ${String(open.totalBytes)}`);
  }
  if (payload.length === 0 && open.totalBytes > 0) {
    fail(
      'invalid-argument',
      id,
      `the frame at ${String(frame.offset)} is empty, which only an empty transfer may have`,
    );
  }
}

function fail(code: ErrorCode, transfer: bigint, message: string): never {
  throw new WeftError(code, `transfer ${String(transfer)}: ${message}`);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
