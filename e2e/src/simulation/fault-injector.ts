/** Makes faults happen to a simulated cluster, and end. */
import type { SimProcess } from '@weft/sim';
import { describeFault, type Fault, type MachineFault } from './fault.ts';
import { Violation } from './invariants.ts';
import { coordinatorMachine } from './simulated-coordinator.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { SimulatedProcesses } from './simulated-processes.ts';
import type { SimulatedWorld } from './simulated-world.ts';

export class FaultInjector {
  readonly #world: SimulatedWorld;
  readonly #disk: SimulatedDisk;
  readonly #processes: SimulatedProcesses;
  readonly #strikes: (Fault & { readonly kind: 'strike'; remaining: number })[] = [];

  readonly #breaks: { readonly machine: string; remaining: number }[] = [];

  constructor(world: SimulatedWorld, disk: SimulatedDisk, processes: SimulatedProcesses) {
    this.#world = world;
    this.#disk = disk;
    this.#processes = processes;
  }

  /** Lets a fault happen now, and end when it is over. */
  inject(fault: Fault): void {
    const later = (action: () => void): void => {
      this.#world.time.after(fault.forMs, action);
    };
    if ('machine' in fault) {
      const { machine } = fault;
      const target = machine === coordinatorMachine ? this.#processes.coordinator : this.#processes.trainer(machine);
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
      case 'damage':
        this.#processes.coordinator?.process.kill();
        this.#disk.damage(fault.what);
        later(() => this.#processes.start(coordinatorMachine));
        return;
      case 'crash-at-write':
        this.#disk.crashAt(fault.nth, fault.when, () => {
          this.#world.trace.add('fault', `the coordinator dies ${fault.when} a write`);
          this.#processes.coordinator?.process.kill();
          later(() => this.#processes.start(coordinatorMachine));
        });
        return;
      case 'strike':
        this.#strikes.push({ ...fault, remaining: fault.nth });
        return;
      case 'cancel':
        this.#processes.ask('cancel');
        return;
    }
  }

  /** Whoever says nothing for longer than the limit must be taken for lost soon after, unless others are disturbed as well. */
  #expectDetection(machine: string): void {
    const trainer = this.#processes.trainer(machine);
    const { coordinator } = this.#processes;
    const { scenario, time, fail } = this.#world;
    const isDisturbed = scenario.faults.some(
      (fault) =>
        fault.kind === 'partition' ||
        fault.kind === 'slow-link' ||
        (fault.kind === 'freeze' && fault.machine === coordinatorMachine),
    );
    if (isDisturbed || trainer === undefined || coordinator === undefined) return;
    const sinceMs = time.nowMs;
    const thaws = trainer.process.thaws;
    time.after(1.5 * scenario.heartbeatTimeoutMs, () => {
      const { process } = trainer;
      const isSilent = process.thaws === thaws && (process.isDead || process.isFrozen);
      if (!isSilent || coordinator.process.isDead || !coordinator.hears(machine, trainer.instance)) return;
      fail(new Violation(`${machine} has been silent since ${sinceMs.toFixed(0)} ms and still counts as attached`));
    });
  }

  /** A machine sends a message: whether the connection breaks there. */
  breaks(machine: string): boolean {
    let broken = false;
    for (const due of this.#breaks) if (due.machine === machine && --due.remaining === 0) broken = true;
    return broken;
  }

  /** The coordinator sends a trainer a message of that kind: perhaps its last. */
  strike(trainer: string, message: string): void {
    const { time } = this.#world;
    for (const strike of this.#strikes) {
      if (strike.message !== message || --strike.remaining !== 0) continue;
      this.#world.trace.add('fault', `${trainer} is struck at a message of kind ${message}`);
      // Not in the midst of what the coordinator does.
      time.after(0, () => {
        this.#processes.trainer(trainer)?.process.kill(strike.silently);
        time.after(strike.forMs, () => this.#processes.start(trainer));
      });
    }
  }

  #injectOn(fault: MachineFault, process: SimProcess, later: (action: () => void) => void): void {
    const { network, trace } = this.#world;
    const { machine } = fault;
    const restart = (): void => {
      this.#processes.start(machine);
    };
    switch (fault.kind) {
      case 'kill':
        process.kill(fault.silently);
        this.#expectDetection(machine);
        later(restart);
        return;
      case 'freeze':
        process.freeze();
        this.#expectDetection(machine);
        later(() => {
          trace.add(machine, 'thaws');
          process.thaw();
        });
        return;
      case 'slow':
        this.#processes.trainer(machine)?.slowDown(fault.factor, later);
        return;
      case 'leave':
        this.#processes.trainer(machine)?.leave();
        later(restart);
        return;
      case 'partition': {
        const links = [
          ...(fault.inward ? network.linksOf(machine, 'inward') : []),
          ...(fault.outward ? network.linksOf(machine, 'outward') : []),
        ];
        later(network.block(links));
        return;
      }
      case 'rift':
        later(network.block([network.link(machine, fault.peer), network.link(fault.peer, machine)]));
        return;
      case 'slow-link': {
        const links = [...network.linksOf(machine, 'inward'), ...network.linksOf(machine, 'outward')];
        for (const link of links) link.slowness *= fault.factor;
        later(() => {
          for (const link of links) link.slowness /= fault.factor;
        });
        return;
      }
      case 'break':
        this.#breaks.push({ machine, remaining: fault.nth });
        return;
      case 'cut':
        network.cut(machine, fault.peer);
        return;
    }
  }
}
