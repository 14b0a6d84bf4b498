/**
 * Protobuf messages to bytes and back, with one copy of a large payload on the way out and none on the way in.
 *
 * protobuf-es grows its buffer by doubling and cuts the result off it, which copies a payload twice and clears memory for it
 * first. So a top-level field `bytes payload` is left out of what protobuf-es encodes and appended here; the order of fields
 * on the wire is free.
 */
import {
  create,
  fromBinary,
  ScalarType,
  toBinary,
  type DescField,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { describeError, WeftError } from '@weft/core';

const empty: Uint8Array = new Uint8Array(0);
const lengthDelimited = 2;
const payloadFields = new WeakMap<DescMessage, DescField | 'none'>();

/** The top-level field `bytes payload` of a message, if it has one. */
function payloadFieldOf(schema: DescMessage): DescField | undefined {
  let field = payloadFields.get(schema);
  if (field === undefined) {
    field = schema.fields.find((each) => each.name === 'payload' && each.scalar === ScalarType.BYTES) ?? 'none';
    payloadFields.set(schema, field);
  }
  return field === 'none' ? undefined : field;
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : 1 + varintLength(Math.floor(value / 0x80));
}

/** Writes `value` at `at` as a varint; returns the place after it. */
function writeVarint(target: Buffer, value: number, at: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x80) {
    target[place++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[place++] = rest;
  return place;
}

/**
 * The bytes of a message, in a fresh buffer: what the message refers to may change once this returns. A payload is copied once.
 */
export function encodeMessage<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>): Buffer {
  const message = create(schema, init);
  const field = payloadFieldOf(schema);
  const payload = (message as { readonly payload?: Uint8Array }).payload;
  if (field === undefined || payload === undefined || payload.length === 0) {
    const bytes = toBinary(schema, message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  const head = toBinary(schema, { ...message, payload: empty });
  const tag = field.number * 8 + lengthDelimited;
  const length = head.length + varintLength(tag) + varintLength(payload.length) + payload.length;
  const bytes = Buffer.allocUnsafeSlow(length);
  bytes.set(head);
  bytes.set(payload, writeVarint(bytes, payload.length, writeVarint(bytes, tag, head.length)));
  return bytes;
}

/**
 * The message that `bytes` encode. Fields of type `bytes` are views of `bytes`, not copies.
 *
 * @throws WeftError `corrupt` for bytes that are no such message.
 */
export function decodeMessage<Schema extends DescMessage>(schema: Schema, bytes: Uint8Array): MessageShape<Schema> {
  // Views of a Buffer would be Buffers, whose `slice` does not copy as that of a Uint8Array does.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return fromBinary(schema, plain, { readUnknownFields: false });
  } catch (cause) {
    const text = `a message of ${String(bytes.length)} bytes is no ${schema.typeName}: ${describeError(cause)}; `;
    throw new WeftError('corrupt', `${text}the peer speaks another protocol or version`, { cause });
  }
}
