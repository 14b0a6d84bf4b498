import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { UpdateBuffers } from './update-buffers.ts';

test('a buffer that was given back is used again, and one in use is not', () => {
  const buffers = new UpdateBuffers();
  buffers.layoutSize = 3;
  const first = begin(buffers, 12);
  const second = begin(buffers, 12);
  expect(second.buffer).not.toBe(first.buffer);
  buffers.release(new Float32Array(first.buffer as ArrayBuffer));
  expect(begin(buffers, 12).buffer).toBe(first.buffer);
});

test('an update of another length is an error with both lengths', () => {
  const buffers = new UpdateBuffers();
  buffers.layoutSize = 3;
  expect(buffers.begin(16)).toMatchObject({
    code: 'invalid-argument',
    message: 'an update of 16 bytes came; it must have 12',
  });
});

test('buffers of the run before are let go when the layout changes, also those that come back later', () => {
  const buffers = new UpdateBuffers();
  buffers.layoutSize = 3;
  const old = begin(buffers, 12);
  buffers.layoutSize = 5;
  buffers.release(new Float32Array(old.buffer as ArrayBuffer));
  expect(begin(buffers, 20).byteLength).toBe(20);
});

function begin(buffers: UpdateBuffers, totalBytes: number): Uint8Array {
  const bytes = buffers.begin(totalBytes);
  if (bytes instanceof WeftError) throw bytes;
  return bytes;
}
