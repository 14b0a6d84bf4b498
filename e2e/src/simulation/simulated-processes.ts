/** The processes of a simulated cluster, and whoever starts them, asks things of them, and starts them again when they end. */
import { describeError, WeftError } from '@weft/core';
import { coordinatorMachine, SimulatedCoordinator } from './simulated-coordinator.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedTrainer } from './simulated-trainer.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** How long it takes until a process that has ended is started again. */
const restartMs = 1000;

export class SimulatedProcesses {
  readonly #world: SimulatedWorld;
  readonly #disk: SimulatedDisk;
  readonly #trainers = new Map<string, SimulatedTrainer>();
  #coordinator: SimulatedCoordinator | undefined;
  #instances = 0;

  constructor(world: SimulatedWorld, disk: SimulatedDisk) {
    this.#world = world;
    this.#disk = disk;
  }

  /** The last one that was started. */
  get coordinator(): SimulatedCoordinator | undefined {
    return this.#coordinator;
  }

  /** The last process that was started under that name. */
  trainer(name: string): SimulatedTrainer | undefined {
    return this.#trainers.get(name);
  }

  /** Starts what runs on a machine, unless it runs. */
  start(machine: string): void {
    if (machine === coordinatorMachine) this.#startCoordinator();
    else this.#startTrainer(machine);
  }

  /** Asks for the run to be resumed, cancelled, or put in the place of the one before, if the coordinator is up. */
  ask(what: 'resume' | 'cancel' | 'replacePredecessor'): void {
    const coordinator = this.#coordinator;
    coordinator?.thread.run(() => {
      this.#excusing(
        () => {
          coordinator[what]();
        },
        (error) => this.#world.trace.add('somebody', `was refused: ${describeError(error)}`),
      );
    });
  }

  /** Does what the disk may refuse. */
  #excusing(action: () => void, refused: (error: WeftError) => void): void {
    try {
      action();
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      refused(thrown);
    }
  }

  #startCoordinator(): void {
    if (this.#coordinator?.process.isDead === false) return;
    const { trace } = this.#world;
    trace.add(coordinatorMachine, 'starts');
    const coordinator = new SimulatedCoordinator(this.#world, this.#disk, (error) => ended(error));
    const ended = (error: WeftError): void => {
      if (coordinator.process.isDead) return;
      trace.add(coordinatorMachine, `ends: ${describeError(error)}`);
      coordinator.process.kill();
      this.#world.time.after(restartMs, () => this.#startCoordinator());
    };
    this.#coordinator = coordinator;
    this.#excusing(() => coordinator.start(), ended);
  }

  #startTrainer(name: string): void {
    if (this.#trainers.get(name)?.process.isDead === false) return;
    this.#world.trace.add(name, 'starts');
    const signOfLife = (trainer: string, instance: string): void => {
      this.#coordinator?.heartbeat(trainer, instance);
    };
    const trainer = new SimulatedTrainer(this.#world, name, `i-${String(this.#instances++)}`, signOfLife, () => {
      this.#world.time.after(restartMs, () => this.#startTrainer(name));
    });
    this.#trainers.set(name, trainer);
  }
}
