/**
 * A cluster whose processes outlive a run: for many short runs with faults, where starting processes would cost more than training.
 *
 * Trainers that were started and not let in yet are spares: they have opened their engine and join at once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coordinatorArguments, untilServing, type RunningCoordinator } from './coordinator-process.ts';
import { patienceMs } from './patience.ts';
import { Seat } from './seat.ts';
import { ServiceProcess } from './service-process.ts';

/** What a standing cluster is told. */
export interface StandingClusterSettings {
  readonly coordinatorArgv?: readonly string[];
  readonly trainerArgv?: readonly string[];
  /** Whether trainers reach the coordinator through gates, so that they can wait before it and be cut off; else directly. */
  readonly gated: boolean;
}

const settleTimeoutMs = patienceMs(30_000);
const pollIntervalMs = 10;

export class StandingCluster {
  readonly #directory: string;
  readonly #settings: StandingClusterSettings;
  #seats: Seat[] = [];
  #started = 0;
  #coordinator: RunningCoordinator;

  private constructor(directory: string, settings: StandingClusterSettings, coordinator: RunningCoordinator) {
    this.#directory = directory;
    this.#settings = settings;
    this.#coordinator = coordinator;
  }

  /** Starts a coordinator on free ports with its state in a temporary directory. */
  static async open(settings: StandingClusterSettings): Promise<StandingCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'weft-standing-'));
    const argv = coordinatorArguments(join(directory, 'state'), settings.coordinatorArgv ?? []);
    const started = new ServiceProcess('coordinator', 'coordinator', argv);
    return new StandingCluster(directory, settings, await untilServing(started));
  }

  get coordinator(): RunningCoordinator {
    return this.#coordinator;
  }

  /** Trainers that were let in and live, in the order of their ids. */
  get attached(): readonly Seat[] {
    return this.#seats.filter((seat) => seat.isIn);
  }

  /** The end of what every process has written, for a message. */
  get logs(): string {
    const processes = [this.#coordinator.process, ...this.#seats.map((seat) => seat.process)];
    return processes.map(({ name, output }) => `\n---- ${name} ----\n${output.slice(-3000)}`).join('');
  }

  /** Starts a trainer that waits before its gate; without gates it attaches by itself. */
  async start(): Promise<Seat> {
    const id = `trainer-${String(++this.#started).padStart(5, '0')}`;
    const { address } = this.#coordinator;
    const { gated, trainerArgv = [] } = this.#settings;
    const seat = await Seat.start({ id, address, gated, argv: trainerArgv });
    this.#seats.push(seat);
    return seat;
  }

  /** Lets a spare in, as soon as there is one. */
  async letOneIn(): Promise<Seat> {
    const seat = this.#spares[0] ?? (await this.start());
    if (this.#settings.gated) await seat.untilReady();
    seat.letIn();
    return seat;
  }

  /** Starts trainers until `count` of them live, and waits until each is ready. */
  async fill(count: number): Promise<void> {
    for (const seat of this.#seats.filter(({ isGone }) => isGone)) await seat.end();
    this.#seats = this.#seats.filter(({ isGone }) => !isGone);
    while (this.#seats.length < count) await this.start();
    await Promise.all(this.#spares.map((seat) => seat.untilReady()));
  }

  /** Wakes, lets in and sends out until exactly `count` trainers are attached, and waits until the coordinator says so. */
  async settle(count: number): Promise<void> {
    await this.fill(count);
    for (const seat of this.#seats) if (seat.isFrozen) seat.wake();
    for (const seat of this.attached.slice(count)) seat.sendOut();
    while (this.attached.length < count) await this.letOneIn();
    const wanted = this.attached.map(({ id }) => id).join();
    const limitMs = performance.now() + settleTimeoutMs;
    for (;;) {
      const { trainers } = await this.#coordinator.runs.getCluster({});
      const seen = trainers.map(({ trainerId }) => trainerId).join();
      if (seen === wanted) return;
      if (performance.now() > limitMs) throw new Error(`wanted ${wanted} attached, there are ${seen}\n${this.logs}`);
      await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
    }
  }

  /** Kills the coordinator and starts another one on the same state and address. */
  async restartCoordinator(): Promise<void> {
    const { process, address, runs } = this.#coordinator;
    await process.end();
    runs.close();
    const argv = ['--listen', address, ...(this.#settings.coordinatorArgv ?? [])];
    const started = new ServiceProcess(
      'coordinator',
      'coordinator',
      coordinatorArguments(join(this.#directory, 'state'), argv),
    );
    this.#coordinator = await untilServing(started);
  }

  async end(): Promise<void> {
    this.#coordinator.runs.close();
    await Promise.all([this.#coordinator.process.end(), ...this.#seats.map((seat) => seat.end())]);
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #spares(): Seat[] {
    return this.#seats.filter((seat) => !seat.isIn && !seat.isGone);
  }
}
