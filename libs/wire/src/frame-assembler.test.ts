import { WeftError, type ErrorCode } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameBytes } from './connection-options.ts';
import { FrameAssembler, type CompletedTransfer, type TransferReceiver } from './frame-assembler.ts';
import { splitTransfer, type FramedPayload, type TransferSubject } from './frame-split.ts';
import { SnapshotSchema, UpdateSchema } from './gen/weft/v1/cluster_pb.ts';
import { create } from '@bufbuild/protobuf';

const update: TransferSubject = { case: 'update', value: create(UpdateSchema, { runId: 'r', position: 4n }) };
const snapshot: TransferSubject = { case: 'snapshot', value: create(SnapshotSchema, { runId: 'r' }) };

const receiver: TransferReceiver = {
  maxTransferBytes: 4 * frameBytes,
  maxOpenTransfers: 2,
  begin: (_about, totalBytes) => new Uint8Array(totalBytes),
};

function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed) & 0xff;
  return bytes;
}

function feed(assembler: FrameAssembler, frames: Iterable<FramedPayload>): CompletedTransfer[] {
  const completed: CompletedTransfer[] = [];
  for (const { frame, payload } of frames) {
    const transfer = assembler.accept(frame, payload);
    if (transfer !== undefined) completed.push(transfer);
  }
  return completed;
}

function codeOf(attempt: () => unknown): ErrorCode | undefined {
  try {
    attempt();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof WeftError) return thrown.code;
    throw thrown;
  }
}

test('a transfer of any size comes out as it went in, in frames of at most 256 KiB', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 0, max: 5000 }),
    fc.integer({ min: -2, max: 2 }).map((d) => 2 * frameBytes + d),
  );
  fc.assert(
    fc.property(sizes, fc.nat(255), (size, seed) => {
      const bytes = pattern(size, seed);
      const frames = [...splitTransfer(1n, update, bytes)];
      expect(frames.length).toBe(Math.max(1, Math.ceil(size / frameBytes)));
      expect(frames.every(({ payload }) => payload.length <= frameBytes)).toBe(true);
      const [completed, ...others] = feed(new FrameAssembler(receiver), frames);
      expect(others).toEqual([]);
      expect(completed?.about).toEqual(update);
      expect(Buffer.compare(completed?.bytes ?? Buffer.alloc(1), bytes)).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('transfers may interleave', () => {
  const first = [...splitTransfer(1n, update, pattern(2 * frameBytes, 1))];
  const second = [...splitTransfer(2n, snapshot, pattern(2 * frameBytes, 2))];
  const mixed = first.flatMap((frame, i) => [frame, ...second.slice(i, i + 1)]);
  const assembler = new FrameAssembler(receiver);
  const completed = feed(assembler, mixed);
  expect(completed.map(({ transfer, about }) => [transfer, about.case])).toEqual([
    [1n, 'update'],
    [2n, 'snapshot'],
  ]);
  expect(completed[1]?.bytes).toEqual(pattern(2 * frameBytes, 2));
  expect(assembler.openCount).toBe(0);
});

test('a change of any one byte of a payload is detected', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (size, at, change) => {
      const [first] = splitTransfer(1n, update, pattern(size));
      const payload = Uint8Array.from(first?.payload ?? []);
      payload[at % size] = (payload[at % size] ?? 0) ^ change;
      const assembler = new FrameAssembler(receiver);
      expect(codeOf(() => first && assembler.accept(first.frame, payload))).toBe('corrupt');
    }),
    { numRuns: 100 },
  );
});

test('bytes go straight into the buffer that the receiver gave, and nowhere beside it', () => {
  const around = new Uint8Array(64).fill(9);
  const assembler = new FrameAssembler({ ...receiver, begin: () => around.subarray(16, 48) });
  const [completed] = feed(assembler, splitTransfer(1n, update, pattern(32)));
  expect(completed?.bytes?.buffer).toBe(around.buffer);
  expect(around.subarray(16, 48)).toEqual(pattern(32));
  expect([...around.subarray(0, 16), ...around.subarray(48)].every((byte) => byte === 9)).toBe(true);
});

test('a discarded transfer is checked to its end and kept nowhere', () => {
  const assembler = new FrameAssembler({ ...receiver, begin: () => 'discard' });
  const [completed] = feed(assembler, splitTransfer(1n, update, pattern(frameBytes + 5)));
  expect(completed).toEqual({ transfer: 1n, about: update, bytes: undefined });
});

test('the error that the receiver answers is thrown as it is', () => {
  const refusal = new WeftError('invalid-argument', 'an update has 408 bytes, this one 400');
  const assembler = new FrameAssembler({ ...receiver, begin: () => refusal });
  expect(() => feed(assembler, splitTransfer(1n, update, pattern(400)))).toThrow(refusal);
});

type Breach = (frames: FramedPayload[]) => FramedPayload[];
const change =
  (index: number, fields: Partial<FramedPayload['frame']>): Breach =>
  (frames) =>
    frames.map(({ frame, payload }, i) => ({ frame: i === index ? { ...frame, ...fields } : frame, payload }));

test.each<{ name: string; breach: Breach; code: ErrorCode; message: RegExp }>([
  {
    name: 'a checksum of other bytes',
    breach: change(1, { crc32: 1 }),
    code: 'corrupt',
    message: /transfer 7: 262144 bytes at 262144 have CRC-32 0x[0-9a-f]{8}, the frame says 0x00000001/,
  },
  {
    name: 'a lost frame',
    breach: (f) => f.toSpliced(1, 1),
    code: 'corrupt',
    message: /offset 524288, the next byte is 262144/,
  },
  {
    name: 'a repeated frame',
    breach: (f) => f.toSpliced(1, 0, ...f.slice(0, 1)),
    code: 'corrupt',
    message: /offset 0, the next byte is 262144/,
  },
  {
    name: 'a transfer that begins in the middle',
    breach: (f) => f.slice(1),
    code: 'invalid-argument',
    message: /first frame, at offset 262144, does not say what it is/,
  },
  {
    name: 'a first frame that says what it is, in the middle',
    breach: change(0, { offset: 5n }),
    code: 'invalid-argument',
    message: /first frame, at offset 5, begins in the middle/,
  },
  {
    name: 'a first frame without a subject',
    breach: change(0, { about: { case: undefined } }),
    code: 'invalid-argument',
    message: /does not say what it is/,
  },
  {
    name: 'a second subject',
    breach: change(1, { about: update }),
    code: 'invalid-argument',
    message: /only its first frame/,
  },
  {
    name: 'a changing total',
    breach: change(2, { totalBytes: 9n }),
    code: 'invalid-argument',
    message: /changes from 524298 to 9 bytes/,
  },
  {
    name: 'more bytes than the total',
    breach: (f) => f.map(({ frame, payload }) => ({ frame: { ...frame, totalBytes: 262_150n }, payload })),
    code: 'invalid-argument',
    message: /reaches to byte 524288, the total is 262150/,
  },
  {
    name: 'an oversized transfer',
    breach: change(0, { totalBytes: 2n ** 63n }),
    code: 'too-large',
    message: /update of 9223372036854775808 bytes, the limit is 1048576/,
  },
  {
    name: 'an oversized frame',
    breach: (f) => f.map(({ frame }) => ({ frame, payload: new Uint8Array(frameBytes + 1) })),
    code: 'too-large',
    message: /a frame has 262145 bytes, the limit is 262144/,
  },
  {
    name: 'an empty frame of a transfer that is not',
    breach: (f) => f.map(({ frame }) => ({ frame, payload: new Uint8Array(0) })),
    code: 'invalid-argument',
    message: /at 0 is empty/,
  },
  {
    name: 'a number that was used before',
    breach: (f) => [...f, ...f],
    code: 'invalid-argument',
    message: /transfer 7: it is not open, and its number is not above 7/,
  },
  {
    name: 'too many transfers at a time',
    breach: (f) =>
      [8n, 9n, 10n].flatMap((transfer) =>
        f.slice(0, 1).map((first) => ({ ...first, frame: { ...first.frame, transfer } })),
      ),
    code: 'resource-exhausted',
    message: /transfer 10: 2 others are open, the limit is 2/,
  },
])('$name is refused as $code', ({ breach, code, message }) => {
  const frames = [...splitTransfer(7n, update, pattern(2 * frameBytes + 10))];
  expect(codeOf(() => feed(new FrameAssembler(receiver), frames))).toBeUndefined();
  expect(codeOf(() => feed(new FrameAssembler(receiver), breach(frames)))).toBe(code);
  expect(() => feed(new FrameAssembler(receiver), breach(frames))).toThrow(message);
});
