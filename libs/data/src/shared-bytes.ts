/** Memory for examples, optionally such that worker threads can read it without a copy. */

/** Whether examples are put into a `SharedArrayBuffer`. */
export interface SharedOption {
  /** True: worker threads that are sent the arrays read the same memory. Default: false. */
  readonly shared?: boolean;
}

/** `length` zero bytes in a buffer of their own, over a `SharedArrayBuffer` when `shared`. */
export function allocateBytes(length: number, shared: boolean): Uint8Array {
  return shared ? new Uint8Array(new SharedArrayBuffer(length)) : new Uint8Array(length);
}

/** `bytes` itself, or a copy over a `SharedArrayBuffer` when `shared` and they are not over one yet. */
export function placeBytes(bytes: Uint8Array, shared: boolean): Uint8Array {
  if (!shared || bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const copy = allocateBytes(bytes.length, true);
  copy.set(bytes);
  return copy;
}
