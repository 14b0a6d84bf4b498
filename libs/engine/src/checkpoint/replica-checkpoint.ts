/**
 * A replica as a safetensors file: one tensor a variable (`dense_1/kernel`), one a variable and optimizer slot
 * (`optimizer/momentum/dense_1/kernel`), and `optimizer/step`. The data section is the replica's snapshot as it is.
 */
import { WeftError } from '@weft/core';
import type { Replica } from '../replica.ts';
import { decodeHeader, encodeHeader, type SafetensorsHeader, type TensorEntry } from './safetensors.ts';

/** Where in its run a checkpoint stands, and of which run it is. */
export interface CheckpointMetadata {
  /** Steps committed. */
  readonly position: number;
  /** Digest of what the run computes; a checkpoint of another configuration is refused. */
  readonly configurationDigest: string;
  readonly engineFingerprint: string;
  /** Further facts, for people and tools that have the file alone; they are not read back. */
  readonly facts?: Readonly<Record<string, string>>;
}

const format = 'weft-checkpoint-1';
const floatBytes = 4;

/** Bytes of a checkpoint of `replica` with this metadata. */
export function checkpointBytes(replica: Replica, metadata: CheckpointMetadata): number {
  return encodeHeader(headerOf(replica, metadata)).length + replica.snapshotLength;
}

/** The checkpoint of `replica`, in a fresh buffer. */
export function writeReplicaCheckpoint(replica: Replica, metadata: CheckpointMetadata): Uint8Array {
  const header = encodeHeader(headerOf(replica, metadata));
  const bytes = new Uint8Array(header.length + replica.snapshotLength);
  bytes.set(header);
  replica.writeSnapshot(bytes.subarray(header.length));
  return bytes;
}

/**
 * Takes over a checkpoint. Throws 'corrupt' where it is not whole, or 'incompatible' where it is of another model, optimizer
 * or configuration; `replica` is untouched then.
 */
export function readReplicaCheckpoint(
  file: Uint8Array,
  replica: Replica,
  configurationDigest: string,
): CheckpointMetadata {
  const { header, dataOffset } = decodeHeader(file);
  const { metadata } = header;
  const position = Number(metadata['position']);
  if (metadata['format'] !== format || !Number.isSafeInteger(position)) {
    throw new WeftError(
      'corrupt',
      `not a checkpoint of Weft: its format is ${String(metadata['format'])}, not ${format}`,
    );
  }
  if (metadata['configurationDigest'] !== configurationDigest) {
    throw new WeftError('incompatible', 'the checkpoint is of a run with another configuration');
  }
  const expected = [...tensorsOf(replica)].map(describeTensor).join('\n');
  const found = [...header.tensors].map(describeTensor).join('\n');
  if (found !== expected) {
    throw new WeftError('incompatible', 'the tensors of the checkpoint are not those of this model and optimizer');
  }
  if (file.length - dataOffset !== replica.snapshotLength) {
    const sizes = `${String(file.length - dataOffset)} bytes of data, not ${String(replica.snapshotLength)}`;
    throw new WeftError('corrupt', `the checkpoint has ${sizes}`);
  }
  replica.readSnapshot(file.subarray(dataOffset));
  return { position, configurationDigest, engineFingerprint: metadata['engineFingerprint'] ?? '' };
}

function headerOf(
  replica: Replica,
  { position, configurationDigest, engineFingerprint, facts }: CheckpointMetadata,
): SafetensorsHeader {
  const metadata = { ...facts, format, position: String(position), configurationDigest, engineFingerprint };
  return { tensors: tensorsOf(replica), metadata };
}

/** The tensors of a checkpoint in the order of `Replica.writeSnapshot`. */
function tensorsOf(replica: Replica): Map<string, TensorEntry> {
  const { entries } = replica.layout;
  const tensors = new Map<string, TensorEntry>();
  let begin = 0;
  const append = (name: string, dtype: TensorEntry['dtype'], shape: readonly number[], bytes: number): void => {
    tensors.set(name, { dtype, shape, begin, end: begin + bytes });
    begin += bytes;
  };
  for (const { name, shape, length } of entries) append(name, 'F32', shape, length * floatBytes);
  for (const slot of replica.slots) {
    for (const { name, shape, length, trainable } of entries) {
      if (trainable) append(`optimizer/${slot.name}/${name}`, 'F32', shape, length * floatBytes);
    }
  }
  append('optimizer/step', 'U64', [1], 8);
  return tensors;
}

function describeTensor([name, { dtype, shape, begin, end }]: [string, TensorEntry]): string {
  return `${name} ${dtype} [${shape.join()}] ${String(begin)}-${String(end)}`;
}
