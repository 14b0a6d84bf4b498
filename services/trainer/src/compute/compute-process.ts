/** The compute thread, seen from the main thread. */
import { invariant } from '@weft/core';
import { Worker } from 'node:worker_threads';
import type { ComputeThreadData } from './compute-thread.ts';
import type { ComputeCommand, ComputeReport } from './thread-messages.ts';

/** A running compute thread. */
export interface ComputeThread {
  /** Of the engine that the thread opened. */
  readonly fingerprint: string;
  post(command: ComputeCommand): void;
  /** Sets the one receiver of reports. */
  onReport(receive: (report: ComputeReport) => void): void;
  /** Sets the one listener to the thread's death by a bug. */
  onCrash(listener: (error: Error) => void): void;
  stop(): Promise<void>;
}

/** Starts the thread and waits for its engine. Throws the failure's message where the engine cannot be opened. */
export async function startComputeThread(
  data: ComputeThreadData,
  failed: (code: string, message: string) => Error,
): Promise<ComputeThread> {
  const worker = new Worker(new URL('./compute-thread.ts', import.meta.url), { workerData: data });
  let receive: ((report: ComputeReport) => void) | undefined;
  let crashed: ((error: Error) => void) | undefined;
  const first = await new Promise<ComputeReport>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first.kind !== 'engine-open') {
    await worker.terminate();
    invariant(first.kind === 'failure', 'the compute thread first says how its engine started');
    throw failed(first.code, first.message);
  }
  worker.on('message', (report: ComputeReport) => receive?.(report));
  worker.on('error', (error) => crashed?.(error as Error));
  return {
    fingerprint: first.fingerprint,
    post: (command) => {
      worker.postMessage(command);
    },
    onReport: (listener) => {
      receive = listener;
    },
    onCrash: (listener) => {
      crashed = listener;
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
