/** Does to a standing cluster what a schedule says. */
import type { Seat } from '../harness/seat.ts';
import type { StandingCluster } from '../harness/standing-cluster.ts';
import type { Fault } from './schedule.ts';

/** A slow trainer stands still once in so many milliseconds. */
const slowPeriodMs = 50;

export class Injector {
  readonly #cluster: StandingCluster;
  readonly #startTrainers: number;
  #leastTrainers = 1;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** The run waits for `startTrainers` before its first step, so a coordinator that is started again may wait for them again. */
  constructor(cluster: StandingCluster, startTrainers: number) {
    this.#cluster = cluster;
    this.#startTrainers = startTrainers;
  }

  /** Injects one fault; resolves when it has happened, not when it is over. Gives what happened to whom. */
  async inject(fault: Fault): Promise<string> {
    const { kind, durationMs } = fault;
    if (kind === 'join') return `join ${(await this.#cluster.letOneIn()).id}`;
    if (kind === 'restart') {
      await this.#cluster.restartCoordinator();
      this.#leastTrainers = this.#startTrainers;
      await this.#letEnoughIn();
      return 'restart coordinator';
    }
    const { attached } = this.#cluster;
    const victim = attached[fault.victim % attached.length];
    if (victim === undefined) return `${kind} nobody`;
    switch (kind) {
      case 'kill':
      case 'leave':
        victim.kill(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
        if (fault.replaced) await this.#cluster.letOneIn();
        await this.#letEnoughIn();
        break;
      case 'cut':
        victim.gate?.cut();
        break;
      case 'freeze':
        victim.freeze();
        this.#after(durationMs, () => {
          victim.wake();
        });
        break;
      case 'slow':
        this.#slowDown(victim, fault);
        break;
    }
    return `${kind} ${victim.id}`;
  }

  /** Ends what is under way: everyone frozen or slow goes on. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const seat of this.#cluster.attached) seat.wake();
  }

  async #letEnoughIn(): Promise<void> {
    while (this.#cluster.attached.length < this.#leastTrainers) await this.#cluster.letOneIn();
  }

  #slowDown(victim: Seat, { durationMs, stopped }: Fault): void {
    const stopMs = Math.round(slowPeriodMs * stopped);
    for (let fromMs = 0; fromMs < durationMs; fromMs += slowPeriodMs) {
      this.#after(fromMs, () => {
        victim.freeze();
      });
      this.#after(fromMs + stopMs, () => {
        victim.wake();
      });
    }
  }

  #after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }
}
