/** The processes of one test and its temporary directory. All of it is gone when the test has ended, however it ended. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { onTestFailed, onTestFinished } from 'vitest';
import { anyPort, coordinatorArguments, untilServing, type RunningCoordinator } from './coordinator-process.ts';
import { ServiceProcess, type ServiceName } from './service-process.ts';

/** Printed of each process's output where a test fails. */
const printedCharacters = 6000;

export class ClusterProcesses {
  /** A fresh directory, deleted after the test. */
  readonly directory: string;
  /** Modules (URLs) that every process started from now on loads first. */
  preloads: readonly string[] = [];
  readonly #processes: ServiceProcess[] = [];
  readonly #closers: (() => void)[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Call it once, at the start of a test. The logs of all processes are printed where the test fails. */
  static async open(): Promise<ClusterProcesses> {
    const cluster = new ClusterProcesses(await mkdtemp(join(tmpdir(), 'weft-e2e-')));
    onTestFinished(() => cluster.#end());
    onTestFailed(() => {
      process.stderr.write(cluster.#logs());
    });
    return cluster;
  }

  /** Where the coordinators of this test keep their state, unless told otherwise. */
  get stateDirectory(): string {
    return join(this.directory, 'state');
  }

  /** Starts a process; it need not come up. */
  start(name: string, service: ServiceName, argv: readonly string[]): ServiceProcess {
    const started = new ServiceProcess(name, service, argv, this.preloads);
    this.#processes.push(started);
    return started;
  }

  /** Starts a coordinator on free ports and waits until it serves. Options in `argv` win. */
  async startCoordinator(...argv: string[]): Promise<RunningCoordinator> {
    const coordinator = await untilServing(this.startCoordinatorProcess(...argv));
    this.#closers.push(coordinator.runs.close);
    return coordinator;
  }

  /** Starts a coordinator that need not come up. */
  startCoordinatorProcess(...argv: string[]): ServiceProcess {
    return this.start('coordinator', 'coordinator', coordinatorArguments(this.stateDirectory, argv));
  }

  /** Starts a trainer called `id`, which attaches by itself. */
  startTrainer(id: string, { address }: Pick<RunningCoordinator, 'address'>, ...argv: string[]): ServiceProcess {
    const ports = argv.includes('--http-listen') ? [] : ['--http-listen', anyPort];
    return this.start(id, 'trainer', ['--coordinator', address, '--trainer-id', id, ...ports, ...argv]);
  }

  async #end(): Promise<void> {
    for (const close of this.#closers) close();
    await Promise.all(this.#processes.map((started) => started.end()));
    await rm(this.directory, { recursive: true, force: true });
  }

  #logs(): string {
    return this.#processes
      .map(({ name, output }) => `\n---- ${name} ----\n${output.slice(-printedCharacters)}`)
      .join('');
  }
}
