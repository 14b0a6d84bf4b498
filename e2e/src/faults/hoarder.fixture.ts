// Loaded before a process: on SIGUSR2 it keeps taking memory, until the system gives it no more and it is ended.
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const elements = 1 << 20;
const hoard: number[][] = [];

if (isMainThread) {
  process.on('SIGUSR2', () => {
    // Nothing here can fail in a way that a program could catch: the heap's end is the process's.
    for (;;) hoard.push(Array.from({ length: elements }, (_, index) => index + 0.5));
  });
}
