// Loaded before a trainer: on SIGUSR2 a bit of one of its parameters flips, as in a memory that is failing.
import process from 'node:process';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

interface Memory {
  readonly buffer: ArrayBuffer;
}
type MemoryClass = new (size: object) => Memory;

const channel = new BroadcastChannel('flipped-bit');
/** Node has it, its type package does not declare it. */
const platform = (globalThis as unknown as { readonly WebAssembly: { Memory: MemoryClass } }).WebAssembly;
/** Well within the parameters, which come first; they are few. */
const element = 5000;
const bit = 1 << 20;

if (isMainThread) {
  process.on('SIGUSR2', () => {
    channel.postMessage('flip');
  });
} else {
  let replica: Memory | undefined;
  const keep = (memory: Memory): void => {
    if (memory.buffer.byteLength > element * 4) replica = memory;
  };
  platform.Memory = class extends platform.Memory {
    constructor(size: object) {
      super(size);
      keep(this);
    }
  };
  channel.onmessage = () => {
    if (replica === undefined) return;
    const words = new Uint32Array(replica.buffer);
    words[element] = (words[element] ?? 0) ^ bit;
  };
}
channel.unref();
