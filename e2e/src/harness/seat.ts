/** One trainer process of a standing cluster, and the gate through which it reaches the coordinator. */
import { anyPort } from './coordinator-process.ts';
import { Gate } from './gate.ts';
import { patienceMs } from './patience.ts';
import { ServiceProcess } from './service-process.ts';

/** How a trainer is started. */
export interface SeatSettings {
  readonly id: string;
  /** Of the coordinator. */
  readonly address: string;
  /** Whether a gate stands between the two, closed at first; without one the trainer attaches as soon as it can. */
  readonly gated: boolean;
  readonly argv: readonly string[];
}

const readyTimeoutMs = patienceMs(60_000);
/** A trainer before a closed gate waits for as long as the cluster stands. */
const patience = ['--reconnect-timeout', '24h'];

export class Seat {
  readonly id: string;
  readonly gate: Gate | undefined;
  readonly process: ServiceProcess;
  #frozen = false;
  #gone = false;
  #attached: boolean;

  private constructor(settings: SeatSettings, gate: Gate | undefined) {
    this.id = settings.id;
    this.gate = gate;
    this.#attached = gate === undefined;
    const coordinator = gate?.address ?? settings.address;
    this.process = new ServiceProcess(settings.id, 'trainer', [
      ...['--coordinator', coordinator, '--trainer-id', settings.id, '--http-listen', anyPort],
      ...patience,
      ...settings.argv,
    ]);
    void this.process.exited.then(() => {
      this.#gone = true;
    });
  }

  /** Starts the process; it need not come up. */
  static async start(settings: SeatSettings): Promise<Seat> {
    return new Seat(settings, settings.gated ? await Gate.before(settings.address, false) : undefined);
  }

  /** Whether the process may be attached: it was let in and has not ended. */
  get isIn(): boolean {
    return this.#attached && !this.#gone;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  get isFrozen(): boolean {
    return this.#frozen;
  }

  /** Resolves when the process has opened its engine and waits to be let in. */
  async untilReady(): Promise<void> {
    const { gate } = this;
    if (gate === undefined || gate.isAwaited) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${this.id} did not come within ${String(readyTimeoutMs)} ms:\n${this.process.output}`));
      }, readyTimeoutMs);
      gate.onAwaited(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  letIn(): void {
    this.#attached = true;
    this.gate?.open();
  }

  /** Cuts the trainer off and lets it wait; one without a gate leaves for good. */
  sendOut(): void {
    this.#attached = false;
    if (this.gate === undefined) this.kill('SIGTERM');
    else this.gate.close();
  }

  freeze(): void {
    this.#frozen = true;
    this.process.signal('SIGSTOP');
  }

  wake(): void {
    this.#frozen = false;
    this.process.signal('SIGCONT');
  }

  kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
    this.#gone = true;
    this.process.signal(signal);
  }

  async end(): Promise<void> {
    await this.process.end();
    await this.gate?.end();
  }
}
