// Loaded before every process that a test starts: when the test runner is gone, however it ended, so is the process.
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.connected) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The process under test alone decides when it has ended.
  process.channel?.unref();
}
