// Loaded before every process that a test starts: when the test runner is gone, however it ended, so is the process.
import { flushCompileCache } from 'node:module';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.connected) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The process under test alone decides when it has ended.
  process.channel?.unref();
}

// Most processes of tests are killed, so what they have compiled is kept for the next ones while they run.
setTimeout(flushCompileCache, 2000).unref();
