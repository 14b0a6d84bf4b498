/** A whole cluster on virtual time: a coordinator, trainers, what goes wrong with them, and whoever starts them again. */
import { WeftError } from '@weft/core';
import { Network, Trace, VirtualTime } from '@weft/sim';
import { RunState } from '@weft/wire';
import { FaultInjector } from './fault-injector.ts';
import { Invariants, Violation } from './invariants.ts';
import { referenceOf } from './reference.ts';
import { calmMs, type Scenario } from './scenario.ts';
import { coordinatorMachine } from './simulated-coordinator.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { SimulatedProcesses } from './simulated-processes.ts';
import { firstLink, simulatedRun } from './simulated-run.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** What came of a simulation. */
export interface Outcome {
  /** What must not be; `undefined` where all was well. */
  readonly problem: string | undefined;
  readonly traceDigest: string;
  readonly events: number;
  readonly virtualMs: number;
}

/** How often somebody looks whether the run must be resumed. */
const lookMs = 2000;
/** After the last fault the run must end within this time, beside the time that its computations take. */
const settlingMs = 120_000;

export class SimulatedCluster {
  readonly #world: SimulatedWorld;
  readonly #time = new VirtualTime();
  readonly #disk: SimulatedDisk;
  readonly #processes: SimulatedProcesses;
  readonly #injector: FaultInjector;
  #problem: string | undefined;

  /** `write` is given the lines of the trace. */
  constructor(scenario: Scenario, write?: (line: string) => void) {
    const reference = referenceOf(scenario.plan, scenario.runSeed, scenario.elements);
    const invariants = new Invariants(scenario.plan, reference, firstLink(scenario));
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
      network: new Network<WeftError>(this.#time, scenario.seed, {
        speed,
        windowBytes,
        breaks: (from) => this.#injector.breaks(from),
      }),
      trace: new Trace(this.#time, write),
      invariants,
      messaged: (trainer, message) => this.#injector.strike(trainer, message),
      guard,
      fail,
    };
    this.#disk = new SimulatedDisk(invariants, guard);
    this.#processes = new SimulatedProcesses(this.#world, this.#disk);
    this.#injector = new FaultInjector(this.#world, this.#disk, this.#processes);
  }

  /** Runs to the end of the run, or to the first thing that must not be. */
  async run(): Promise<Outcome> {
    const { scenario, trace } = this.#world;
    this.#processes.start(coordinatorMachine);
    this.#lookAfter();
    scenario.startMs.forEach((atMs, slot) => {
      this.#time.after(atMs, () => this.#processes.start(`t-${String(slot)}`));
    });
    if (scenario.predecessorEndMs !== undefined) {
      this.#time.after(scenario.predecessorEndMs, () => this.#processes.ask('replacePredecessor'));
    }
    for (const fault of scenario.faults) this.#time.after(fault.atMs, () => this.#injector.inject(fault));
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

  /** The time that one trainer would need, several times over. */
  #workMs(): number {
    const { plan, chunkMs } = this.#world.scenario;
    const examples = plan.epochs * plan.batch.exampleCount + 10 * plan.epochs;
    return 5 * examples * chunkMs;
  }

  #state(): RunState | undefined {
    return this.#disk.run?.state;
  }

  /** Whether the run has ended for good: not for want of a disk, and not because somebody cancelled it. */
  #isOver(): boolean {
    const run = this.#disk.run;
    if (run === undefined) return false;
    if (run.state === RunState.FAILED) return !/disk is (full|broken)/.test(run.reason);
    return run.state === RunState.FINISHED || run.state === RunState.DIVERGED;
  }

  #status(): string {
    const run = this.#disk.run;
    return run === undefined ? 'it was never submitted' : `state ${String(run.state)}, ${run.reason}`;
  }

  #finalProblem(): string | undefined {
    if (this.#state() !== RunState.FINISHED) return `the run ended with ${this.#status()}`;
    const run = this.#disk.run;
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

  /**
   * Whoever looks after the run resumes it when it has ended for want of a disk, or was cancelled, and sees to it that the one before
   * makes room, whatever became of the first attempt.
   */
  #lookAfter(): void {
    this.#time.after(lookMs, () => this.#lookAfter());
    const { predecessorEndMs = Infinity } = this.#world.scenario;
    if (this.#time.nowMs > predecessorEndMs) this.#processes.ask('replacePredecessor');
    const state = this.#state();
    if (state === RunState.FAILED || state === RunState.CANCELLED) this.#processes.ask('resume');
  }
}

function describeThrown(thrown: unknown): string {
  return thrown instanceof Violation || thrown instanceof WeftError ? thrown.message : String((thrown as Error).stack);
}
