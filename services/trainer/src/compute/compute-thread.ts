/** Entry point of the compute thread: opens the engine and runs the training loop. */
import { describeError, WeftError } from '@weft/core';
import type { DataSetOptions } from '@weft/data';
import { openEngine, type EngineName } from '@weft/engine';
import { parentPort, workerData } from 'node:worker_threads';
import { Inbox } from './inbox.ts';
import { RunOpener } from './open-run.ts';
import type { ComputeCommand, ComputeReport } from './thread-messages.ts';
import { trainLoop } from './train-loop.ts';

/** What the thread is started with. */
export interface ComputeThreadData {
  readonly engine: EngineName;
  readonly dataOptions: Pick<DataSetOptions, 'dataDirectory' | 'cacheDirectory'>;
}

const port = parentPort;
if (port !== null) {
  const { engine: name, dataOptions } = workerData as ComputeThreadData;
  const report = (message: ComputeReport): void => {
    port.postMessage(message);
  };
  const inbox = new Inbox<ComputeCommand>();
  port.on('message', (command: ComputeCommand) => {
    inbox.put(command);
  });
  try {
    const engine = await openEngine(name);
    report({ kind: 'engine-open', fingerprint: engine.fingerprint });
    await trainLoop(inbox, report, new RunOpener(engine, dataOptions), () => performance.now());
  } catch (thrown) {
    if (!(thrown instanceof WeftError)) throw thrown;
    report({ kind: 'failure', runId: '', code: thrown.code, message: describeError(thrown) });
  }
}
