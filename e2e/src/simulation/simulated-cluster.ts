/** A whole cluster on virtual time: a coordinator, trainers, what goes wrong with them, and whoever starts them again. */
import { describeError, WeftError } from '@weft/core';
import { Network, Trace, VirtualTime, type SimProcess } from '@weft/sim';
import { RunState } from '@weft/wire';
import { describeFault, type Fault } from './fault.ts';
import { Invariants, Violation } from './invariants.ts';
import { referenceOf } from './reference.ts';
import { calmMs, type Scenario } from './scenario.ts';
import { coordinatorMachine, SimulatedCoordinator, simulatedRun } from './simulated-coordinator.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedTrainer } from './simulated-trainer.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** What came of a simulation. */
export interface Outcome {
  /** What must not be; `undefined` where all was well. */
  readonly problem: string | undefined;
  readonly traceDigest: string;
  readonly events: number;
  readonly virtualMs: number;
}

/** How long whoever watches over processes takes to start one again. */
const restartMs = 1000;
/** After the last fault the run must end within this time, beside the time that its computations take. */
const settlingMs = 120_000;

export class SimulatedCluster {
  readonly #world: SimulatedWorld;
  readonly #time = new VirtualTime();
  readonly #disk: SimulatedDisk;
  readonly #trainers = new Map<string, SimulatedTrainer>();
  #coordinator: SimulatedCoordinator | undefined;
  #instances = 0;
  #problem: string | undefined;

  /** `write` is given the lines of the trace. */
  constructor(scenario: Scenario, write?: (line: string) => void) {
    const reference = referenceOf(scenario.plan, scenario.runSeed);
    const invariants = new Invariants(scenario.plan, reference);
    const { speed, windowBytes } = scenario;
    const fail = (thrown: unknown): void => {
      const text = thrown instanceof Violation ? thrown.message : `a bug: ${describeThrown(thrown)}`;
      this.#problem ??= text;
    };
    const guard = (check: () => void): void => {
      try {
        check();
      } catch (thrown) {
        fail(thrown);
      }
    };
    this.#world = {
      scenario,
      time: this.#time,
      network: new Network<WeftError>(this.#time, scenario.seed, { speed, windowBytes, tamper: () => 'none' }),
      trace: new Trace(this.#time, write),
      invariants,
      guard,
      fail,
    };
    this.#disk = new SimulatedDisk(invariants, guard);
  }

  /** Runs to the end of the run, or to the first thing that must not be. */
  async run(): Promise<Outcome> {
    const { scenario, trace } = this.#world;
    this.#startCoordinator();
    scenario.startMs.forEach((atMs, slot) => {
      this.#plan(atMs, () => {
        this.#startTrainer(`t-${String(slot)}`);
      });
    });
    for (const fault of scenario.faults) this.#plan(fault.atMs, () => this.#inject(fault));
    const deadlineMs = calmMs(scenario) + settlingMs + this.#workMs();
    while (this.#problem === undefined && !this.#isOver()) {
      if (!(await this.#advance())) this.#problem = 'nothing happens any more, and the run has not ended';
      else if (this.#time.nowMs > deadlineMs) {
        this.#problem = `the run has not ended at ${String(Math.round(deadlineMs))} ms: ${this.#status()}`;
      }
    }
    this.#problem ??= this.#finalProblem();
    trace.add('simulation', this.#problem ?? 'all is well');
    this.#disk.close();
    return {
      problem: this.#problem,
      traceDigest: trace.digest,
      events: this.#time.eventCount,
      virtualMs: this.#time.nowMs,
    };
  }

  async #advance(): Promise<boolean> {
    try {
      return await this.#time.advance();
    } catch (thrown) {
      this.#world.fail(thrown);
      return true;
    }
  }

  /** Actions outside of all processes. */
  #plan(atMs: number, action: () => void): void {
    this.#time.after(atMs - this.#time.nowMs, action);
  }

  /** The time that one trainer would need, several times over. */
  #workMs(): number {
    const { plan, chunkMs } = this.#world.scenario;
    const examples = plan.epochs * plan.batch.exampleCount + 10 * plan.epochs;
    return 5 * examples * chunkMs;
  }

  #state(): RunState | undefined {
    return this.#disk.store.find(simulatedRun)?.state;
  }

  #isOver(): boolean {
    const state = this.#state();
    return state !== undefined && state !== RunState.QUEUED && state !== RunState.RUNNING;
  }

  #status(): string {
    const run = this.#disk.store.find(simulatedRun);
    return run === undefined ? 'it was never submitted' : `state ${String(run.state)}, ${run.reason}`;
  }

  #finalProblem(): string | undefined {
    if (this.#state() !== RunState.FINISHED) return `the run ended with ${this.#status()}`;
    const run = this.#disk.store.find(simulatedRun);
    try {
      const { store } = this.#disk;
      this.#world.invariants.finished(
        { result: run?.result },
        store.epochs(simulatedRun),
        store.ledgerTail(simulatedRun),
      );
      return undefined;
    } catch (thrown) {
      return describeThrown(thrown);
    }
  }

  #startCoordinator(): void {
    if (this.#coordinator?.process.isDead === false) return;
    this.#world.trace.add(coordinatorMachine, 'starts');
    this.#coordinator = new SimulatedCoordinator(this.#world, this.#disk, (error) => {
      this.#world.trace.add(coordinatorMachine, `ends: ${describeError(error)}`);
      this.#coordinator?.process.kill();
      this.#plan(this.#time.nowMs + restartMs, () => this.#startCoordinator());
    });
    this.#coordinator.submit();
  }

  #startTrainer(name: string): void {
    if (this.#trainers.get(name)?.process.isDead === false) return;
    this.#world.trace.add(name, 'starts');
    const signOfLife = (trainer: string, instance: string): void => {
      this.#coordinator?.heartbeat(trainer, instance);
    };
    const trainer = new SimulatedTrainer(this.#world, name, `i-${String(this.#instances++)}`, signOfLife, () => {
      this.#plan(this.#time.nowMs + restartMs, () => this.#startTrainer(name));
    });
    this.#trainers.set(name, trainer);
  }

  #inject(fault: Fault): void {
    const { trace } = this.#world;
    const target: { readonly process: SimProcess } | undefined =
      fault.machine === coordinatorMachine ? this.#coordinator : this.#trainers.get(fault.machine);
    if (target === undefined || target.process.isDead) return;
    trace.add('fault', describeFault(fault));
    const later = (action: () => void): void => {
      this.#plan(this.#time.nowMs + fault.forMs, action);
    };
    const restart = (): void => {
      if (fault.machine === coordinatorMachine) this.#startCoordinator();
      else this.#startTrainer(fault.machine);
    };
    switch (fault.kind) {
      case 'kill':
        target.process.kill(fault.silently);
        later(restart);
        return;
      case 'freeze':
        target.process.freeze();
        later(() => {
          trace.add(fault.machine, 'thaws');
          target.process.thaw();
        });
        return;
      case 'slow': {
        const trainer = this.#trainers.get(fault.machine);
        if (trainer === undefined) return;
        trainer.slowness = fault.factor;
        later(() => {
          trainer.slowness = 1;
        });
        return;
      }
      case 'leave':
        this.#trainers.get(fault.machine)?.leave();
        later(restart);
        return;
    }
  }
}

function describeThrown(thrown: unknown): string {
  return thrown instanceof Violation || thrown instanceof WeftError ? thrown.message : String((thrown as Error).stack);
}
