import { WeftError } from '@weft/core';

const metadataField = 14;

/**
 * The free texts of an ONNX model (`metadata_props` of `ModelProto`), which ONNX Runtime's Node binding does not give. Throws
 * 'corrupt' where `file` is not in the protobuf wire format.
 */
export function onnxMetadata(file: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const { field, bytes } of fieldsOf(file)) {
    if (field !== metadataField) continue;
    const texts = new Map(fieldsOf(bytes).map((entry) => [entry.field, new TextDecoder().decode(entry.bytes)]));
    metadata[texts.get(1) ?? ''] = texts.get(2) ?? '';
  }
  return metadata;
}

interface Field {
  readonly field: number;
  /** Empty for fields that are no bytes. */
  readonly bytes: Uint8Array;
}

function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw notProtobuf();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    let length = 0;
    if (wireType === 0) varint();
    else if (wireType === 2) length = varint();
    else if (wireType === 1 || wireType === 5) at += wireType === 1 ? 8 : 4;
    else throw notProtobuf();
    if (at + length > message.length) throw notProtobuf();
    fields.push({ field, bytes: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

function notProtobuf(): WeftError {
  return new WeftError('corrupt', 'not an ONNX model: its bytes are no protobuf message');
}
