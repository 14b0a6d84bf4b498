import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { WeftError } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AttachRequestSchema,
  AttachResponseSchema,
  HelloSchema,
  type AttachRequest,
} from './gen/weft/v1/cluster_pb.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

function frameMessage(payload: Uint8Array): AttachRequest {
  const partial = { runId: 'r', generation: 3n, position: 9n, level: 2, index: 1, lossSum: 0.1, correctCount: 7n };
  const frame = { transfer: 5n, totalBytes: 10n, crc32: 1, about: { case: 'partial', value: partial } } as const;
  return create(AttachRequestSchema, { body: { case: 'frame', value: frame }, payload });
}

test('the direct encoding of a payload means the same as the encoding by protobuf-es', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40_000 }), (payload) => {
      const message = frameMessage(payload);
      const direct = encodeMessage(AttachRequestSchema, message);
      expect(fromBinary(AttachRequestSchema, Uint8Array.from(direct))).toEqual(
        fromBinary(AttachRequestSchema, toBinary(AttachRequestSchema, message)),
      );
      expect(direct.length).toBe(toBinary(AttachRequestSchema, message).length);
    }),
    { numRuns: 50 },
  );
});

test('every way of writing a length is right: 0 to 5 bytes around each boundary', () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 262_144, 2_097_151, 2_097_152]) {
    const bytes = encodeMessage(AttachResponseSchema, { payload: new Uint8Array(length).fill(3) });
    expect(decodeMessage(AttachResponseSchema, bytes).payload.length).toBe(length);
  }
});

test('messages without a payload field, and with an empty one, round-trip', () => {
  const hello = { trainerId: 't-1', protocolVersion: 1, engineFingerprint: 'f', httpAddress: '', processId: 12 };
  expect(decodeMessage(HelloSchema, encodeMessage(HelloSchema, hello))).toMatchObject(hello);
  const leave = decodeMessage(
    AttachRequestSchema,
    encodeMessage(AttachRequestSchema, { body: { case: 'leave', value: { reason: 'done' } } }),
  );
  expect(leave.body.case).toBe('leave');
  expect(leave.payload.length).toBe(0);
});

test('the message is encoded when the call returns: later changes do not reach it', () => {
  const payload = new Uint8Array(5000).fill(1);
  const bytes = encodeMessage(AttachRequestSchema, frameMessage(payload));
  payload.fill(2);
  expect(decodeMessage(AttachRequestSchema, bytes).payload.every((byte) => byte === 1)).toBe(true);
});

test('the decoded payload is a view of the bytes, no copy', () => {
  const bytes = encodeMessage(AttachRequestSchema, frameMessage(new Uint8Array(5000)));
  const { payload } = decodeMessage(AttachRequestSchema, bytes);
  expect(payload.buffer).toBe(bytes.buffer);
  expect(payload.constructor).toBe(Uint8Array);
});

test('bytes that are no such message are refused with the name of the type', () => {
  const attempt = (): unknown => decodeMessage(AttachRequestSchema, Buffer.from([0x0a, 0xff, 0xff]));
  expect(attempt).toThrow(WeftError);
  expect(attempt).toThrow(/3 bytes is no weft\.v1\.AttachRequest/);
});
