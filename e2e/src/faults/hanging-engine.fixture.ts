// Loaded before a process: on SIGUSR2 the work thread enters native code and never comes back; nothing in the process can end it.
import { execFileSync } from 'node:child_process';
import { openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const channel = new BroadcastChannel('hang');

if (isMainThread) {
  process.on('SIGUSR2', () => {
    channel.postMessage('hang');
  });
} else {
  channel.onmessage = () => {
    const path = join(tmpdir(), `weft-hang-${String(process.pid)}`);
    execFileSync('mkfifo', [path]);
    const pipe = openSync(path, 'r+');
    rmSync(path);
    readSync(pipe, Buffer.alloc(1));
  };
}
channel.unref();
