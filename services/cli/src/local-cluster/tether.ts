// Loaded before a service that the CLI starts (`node --import`): when the CLI is gone, however it ended, so is the service.
// The CLI holds the other end of an IPC channel, which the system closes with it, also at SIGKILL.
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const graceMs = 5_000;

if (isMainThread && process.connected) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // A listener keeps the channel, and so the process, alive; the service alone decides when it has ended.
  process.channel?.unref();
}
