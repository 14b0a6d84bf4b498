/**
 * Cuts a transfer into frames. One large message would have to be held whole by every layer below; frames of 256 KiB flow
 * through windows and buffers, and let small messages pass between them.
 */
import { create } from '@bufbuild/protobuf';
import { crc32 } from 'node:zlib';
import { frameBytes } from './connection-options.ts';
import { FrameSchema, type Frame } from './gen/weft/v1/cluster_pb.ts';

/** What a transfer is; said by its first frame. */
export type TransferSubject = Exclude<Frame['about'], { case: undefined }>;

/** A frame's header and its bytes, as they go into an `AttachRequest` or `AttachResponse`. */
export interface FramedPayload {
  readonly frame: Frame;
  /** A view of the transfer's bytes. */
  readonly payload: Uint8Array;
}

/**
 * The frames of one transfer, in order; an empty transfer is one empty frame.
 *
 * `transfer` must grow from one transfer to the next within one direction of one stream. Payloads are views of `bytes`, which
 * must not change until each has been sent; their checksums are computed as the frames are taken.
 */
export function* splitTransfer(transfer: bigint, about: TransferSubject, bytes: Uint8Array): Generator<FramedPayload> {
  let offset = 0;
  do {
    const payload = bytes.subarray(offset, offset + frameBytes);
    const frame = create(FrameSchema, {
      transfer,
      offset: BigInt(offset),
      totalBytes: BigInt(bytes.length),
      crc32: crc32(payload),
      about: offset === 0 ? about : { case: undefined },
    });
    yield { frame, payload };
    offset += payload.length;
  } while (offset < bytes.length);
}
