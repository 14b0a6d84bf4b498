/** A whole cluster on virtual time: a coordinator, trainers, what goes wrong with them, and whoever starts them again. */
import { describeError, WeftError } from '@weft/core';
import { Network, Trace, VirtualTime, type SimProcess } from '@weft/sim';
import { RunState } from '@weft/wire';
import { describeFault, type Fault, type MachineFault } from './fault.ts';
import { Invariants, Violation } from './invariants.ts';
import { referenceOf } from './reference.ts';
import { calmMs, type Scenario } from './scenario.ts';
import { coordinatorMachine, SimulatedCoordinator } from './simulated-coordinator.ts';
import { firstLink, simulatedRun } from './simulated-run.ts';
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
/** How often somebody looks whether the run must be resumed. */
const lookMs = 2000;
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
    this.#lookAfter();
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

  #startCoordinator(): void {
    if (this.#coordinator?.process.isDead === false) return;
    const { trace } = this.#world;
    trace.add(coordinatorMachine, 'starts');
    const coordinator = new SimulatedCoordinator(this.#world, this.#disk, (error) => ended(error));
    const ended = (error: WeftError): void => {
      if (coordinator.process.isDead) return;
      trace.add(coordinatorMachine, `ends: ${describeError(error)}`);
      coordinator.process.kill();
      this.#plan(this.#time.nowMs + restartMs, () => this.#startCoordinator());
    };
    this.#coordinator = coordinator;
    this.#excusing(() => coordinator.start(), ended);
  }

  /** Whoever looks after the run resumes it when it has ended for want of a disk, or was cancelled. */
  #lookAfter(): void {
    this.#plan(this.#time.nowMs + lookMs, () => this.#lookAfter());
    const state = this.#state();
    if (state !== RunState.FAILED && state !== RunState.CANCELLED) return;
    this.#asking(({ resume }) => resume());
  }

  /** Asks something of the coordinator, if it is up. */
  #asking(ask: (coordinator: { resume: () => void; cancel: () => void }) => void): void {
    const coordinator = this.#coordinator;
    coordinator?.thread.run(() => {
      this.#excusing(
        () => ask({ resume: () => coordinator.resume(), cancel: () => coordinator.cancel() }),
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
    const later = (action: () => void): void => {
      this.#plan(this.#time.nowMs + fault.forMs, action);
    };
    if ('machine' in fault) {
      const { machine } = fault;
      const target = machine === coordinatorMachine ? this.#coordinator : this.#trainers.get(machine);
      if (target === undefined || target.process.isDead) return;
      this.#world.trace.add('fault', describeFault(fault));
      this.#injectOn(fault, target.process, later);
      return;
    }
    this.#world.trace.add('fault', describeFault(fault));
    switch (fault.kind) {
      case 'disk':
        this.#disk.refusal = fault.error;
        later(() => {
          this.#disk.refusal = undefined;
        });
        return;
      case 'crash-at-write':
        this.#disk.crashAt(fault.nth, fault.when, () => {
          this.#world.trace.add('fault', `the coordinator dies ${fault.when} a write`);
          this.#coordinator?.process.kill();
          later(() => this.#startCoordinator());
        });
        return;
      case 'cancel':
        this.#asking(({ cancel }) => cancel());
        return;
    }
  }

  #injectOn(fault: MachineFault, process: SimProcess, later: (action: () => void) => void): void {
    const { network, trace } = this.#world;
    const { machine } = fault;
    const restart = (): void => {
      if (machine === coordinatorMachine) this.#startCoordinator();
      else this.#startTrainer(machine);
    };
    switch (fault.kind) {
      case 'kill':
        process.kill(fault.silently);
        later(restart);
        return;
      case 'freeze':
        process.freeze();
        later(() => {
          trace.add(machine, 'thaws');
          process.thaw();
        });
        return;
      case 'slow':
        this.#trainers.get(machine)?.slowDown(fault.factor, later);
        return;
      case 'leave':
        this.#trainers.get(machine)?.leave();
        later(restart);
        return;
      case 'partition': {
        const links = [
          ...(fault.inward ? network.linksOf(machine, 'inward') : []),
          ...(fault.outward ? network.linksOf(machine, 'outward') : []),
        ];
        for (const link of links) link.block();
        later(() => {
          for (const link of links) link.unblock();
        });
        return;
      }
      case 'slow-link': {
        const links = [...network.linksOf(machine, 'inward'), ...network.linksOf(machine, 'outward')];
        for (const link of links) link.slowness *= fault.factor;
        later(() => {
          for (const link of links) link.slowness /= fault.factor;
        });
        return;
      }
      case 'cut':
        network.cut(machine);
        return;
    }
  }
}

function describeThrown(thrown: unknown): string {
  return thrown instanceof Violation || thrown instanceof WeftError ? thrown.message : String((thrown as Error).stack);
}
