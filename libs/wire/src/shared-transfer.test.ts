import { expect, test } from 'vitest';
import { frameBytes } from './connection-options.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { AttachResponseSchema } from './gen/weft/v1/cluster_pb.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import { SharedTransfer } from './shared-transfer.ts';

test.each([0, 10, frameBytes, 3 * frameBytes + 7])(
  'each of three receivers gets all %i bytes; each frame is encoded once',
  (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
    let encoded = 0;
    const about = {
      case: 'snapshot' as const,
      value: { $typeName: 'weft.v1.Snapshot' as const, runId: 'r', position: 3n, weightsDigest: '' },
    };
    const transfer = new SharedTransfer(5n, about, bytes, 3, ({ frame, payload }) => {
      encoded++;
      return encodeMessage(AttachResponseSchema, { body: { case: 'frame', value: frame }, payload });
    });
    // The first runs ahead, the second follows a frame behind, the third comes last.
    const [first, second, third] = [transfer.messages(), transfer.messages(), transfer.messages()];
    const taken: Buffer[][] = [[], [], []];
    for (let next = first.next(); next.done !== true; next = first.next()) {
      taken[0]?.push(next.value);
      const behind = second.next();
      if (behind.done !== true) taken[1]?.push(behind.value);
    }
    taken[1]?.push(...second);
    taken[2]?.push(...third);
    expect(encoded).toBe(Math.max(1, Math.ceil(size / frameBytes)));
    for (const messages of taken) {
      const target = new Uint8Array(size);
      const limits = { maxTransferBytes: size + 1, maxOpenTransfers: 1 };
      const assembler = new FrameAssembler({ ...limits, begin: () => target });
      for (const message of messages) {
        const { body, payload } = decodeMessage(AttachResponseSchema, message);
        if (body.case === 'frame') assembler.accept(body.value, payload);
      }
      expect(Buffer.from(target).equals(Buffer.from(bytes))).toBe(true);
    }
  },
);
