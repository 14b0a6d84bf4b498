/** A coordinator and its trainers on this machine, for the length of one command. */
import { join } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import type { Environment } from '@weft/options';
import type { ClusterProcesses } from '../output/reporter.ts';
import { serviceEntries } from '../service-entries.ts';
import { exitError, exitText, startChild, type Child, type ChildExit } from './child.ts';
import { makeListenPlace } from './socket-directory.ts';

/** What to start. */
export interface LocalClusterSettings {
  /** The coordinator keeps its state here. */
  readonly stateDirectory: string;
  /** One log file for each process goes here. */
  readonly logDirectory: string;
  readonly trainers: number;
  readonly engine: string | undefined;
  readonly dataDirectory: string | undefined;
  readonly environment: Environment;
  /** Entry points; tests give others. */
  readonly entries?: { readonly coordinator: string; readonly trainer: string } | undefined;
}

/** Processes that run. */
export interface LocalCluster {
  /** Where the coordinator serves. */
  readonly address: string;
  readonly processes: ClusterProcesses;
  /** Aborts, with a `WeftError` as reason, when the cluster cannot go on: no coordinator, or no trainer is left. */
  readonly failed: AbortSignal;
  /** Stops everything, the coordinator first, within some seconds. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/** What the caller is told while the cluster runs. */
export interface ClusterEvents {
  /** A trainer has ended by itself; others go on. `text` says it in a line, `error` with the end of its log. */
  trainerLost(text: string, error: WeftError): void;
}

const readyTimeoutMs = 30_000;
const stopGraceMs = 8_000;

/**
 * Starts a coordinator on a socket of its own, waits until it serves, and starts the trainers, which find it by themselves.
 *
 * Throws a `WeftError`, with the end of the log, where the coordinator does not come up, or 'cancelled'. Nothing is left
 * running then.
 */
export async function startLocalCluster(
  settings: LocalClusterSettings,
  events: ClusterEvents,
  signal: AbortSignal,
): Promise<LocalCluster> {
  const entries = settings.entries ?? serviceEntries;
  const environment = inherited(settings.environment);
  const logPath = (name: string): string => join(settings.logDirectory, `${name}.log`);
  const place = await makeListenPlace();
  const coordinator = await startChild({
    name: 'coordinator',
    entry: entries.coordinator,
    argv: [
      ...['--listen', place.listen, '--http-listen', '127.0.0.1:0', '--announce', 'json'],
      ...['--state-dir', settings.stateDirectory],
    ],
    environment,
    logPath: logPath('coordinator'),
  }).catch(async (thrown: unknown) => {
    await place.remove();
    throw thrown;
  });
  void coordinator.exited.then(() => place.remove());
  const trainers: Child[] = [];
  const kill = (): void => [...trainers, coordinator].forEach((child) => child.kill());
  try {
    const address = readyAddress(await coordinator.firstLine(readyTimeoutMs, signal), coordinator.logPath);
    for (let rank = 1; rank <= settings.trainers; rank++) {
      const id = `trainer-${String(rank)}`;
      const argv = [
        ...['--coordinator', address, '--trainer-id', id, '--http-listen', '127.0.0.1:0'],
        ...['--peer-listen', place.peerListen(rank)],
        ...(settings.engine === undefined ? [] : ['--engine', settings.engine]),
        ...(settings.dataDirectory === undefined ? [] : ['--data-dir', settings.dataDirectory]),
      ];
      trainers.push(await startChild({ name: id, entry: entries.trainer, argv, environment, logPath: logPath(id) }));
    }
    return supervise(address, coordinator, trainers, events, kill);
  } catch (thrown) {
    kill();
    await Promise.all([coordinator, ...trainers].map((child) => child.exited));
    throw thrown;
  }
}

function supervise(
  address: string,
  coordinator: Child,
  trainers: readonly Child[],
  events: ClusterEvents,
  kill: () => void,
): LocalCluster {
  const failure = new AbortController();
  const alive = new Set(trainers);
  let stopping = false;

  const fail = (child: Child, exit: ChildExit): void => {
    void exitError(child, exit).then((error) => failure.abort(error));
  };
  void coordinator.exited.then((exit) => {
    if (!stopping) fail(coordinator, exit);
  });
  for (const trainer of trainers) {
    void trainer.exited.then((exit) => {
      alive.delete(trainer);
      if (stopping) return;
      if (alive.size === 0) {
        fail(trainer, exit);
        return;
      }
      const text = `${trainer.name} ${exitText(exit)} (log: ${trainer.logPath})`;
      void exitError(trainer, exit).then((error) => events.trainerLost(text, error));
    });
  }

  return {
    address,
    processes: {
      coordinator: { address, pid: coordinator.pid },
      trainers: trainers.map(({ name, pid }) => ({ id: name, pid })),
    },
    failed: failure.signal,
    stop: async () => {
      stopping = true;
      await coordinator.terminate(stopGraceMs);
      await Promise.all(trainers.map((trainer) => trainer.terminate(stopGraceMs)));
    },
    kill: () => {
      stopping = true;
      kill();
    },
  };
}

function readyAddress(line: string, logPath: string): string {
  try {
    const announced: unknown = JSON.parse(line);
    if (typeof announced === 'object' && announced !== null && 'address' in announced) return String(announced.address);
  } catch (cause) {
    throw new WeftError('internal', `the coordinator announced ${JSON.stringify(line)}: ${describeError(cause)}`);
  }
  throw new WeftError('internal', `the coordinator announced no address but ${line}; its log is ${logPath}`);
}

/** The environment for services: ours, without Weft's own variables, since every setting goes by option. */
function inherited(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('WEFT_')));
}
