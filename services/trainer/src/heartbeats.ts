/** Signs of life to the coordinator, over a connection of their own. */
import { describeError, type Clock } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import type { CallOptions } from '@weft/wire';

/** Who a sign of life is of. */
export interface HeartbeatSender {
  readonly trainerId: string;
  readonly instanceId: string;
}

/** The connection that signs of life take; `openClient(ClusterService, ...)` makes the real one. */
export interface HeartbeatConnection {
  heartbeat(request: HeartbeatSender, options: CallOptions): Promise<unknown>;
  close(): void;
}

const roundTripsKept = 8;

export class Heartbeats {
  readonly #connection: HeartbeatConnection;
  readonly #sender: HeartbeatSender;
  readonly #clock: Clock;
  readonly #log: Logger;
  #cancel: (() => void) | undefined;
  #lastRoundTripsMs: readonly number[] = [];

  constructor(connection: HeartbeatConnection, sender: HeartbeatSender, clock: Clock, log: Logger) {
    this.#connection = connection;
    this.#sender = sender;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether the trainer is attached, and says so regularly. */
  get running(): boolean {
    return this.#cancel !== undefined;
  }

  /** `measured` is told after each answer how long a message to the coordinator and back takes: the shortest of late. */
  start(intervalMs: number, measured: (roundTripMs: number) => void = () => undefined): void {
    this.stop();
    this.#lastRoundTripsMs = [];
    this.#cancel = this.#clock.every(intervalMs, () => {
      this.#beat(intervalMs, measured);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  close(): void {
    this.stop();
    this.#connection.close();
  }

  /** One that is lost matters little: the next follows, and the stream of the work thread tells of a lost coordinator. */
  #beat(timeoutMs: number, measured: (roundTripMs: number) => void): void {
    const sentMs = this.#clock.nowMs();
    this.#connection.heartbeat(this.#sender, { timeoutMs }).then(
      () => {
        // A busy machine makes single ones longer, none shorter.
        this.#lastRoundTripsMs = [...this.#lastRoundTripsMs, this.#clock.nowMs() - sentMs].slice(-roundTripsKept);
        measured(Math.min(...this.#lastRoundTripsMs));
      },
      (thrown: unknown) => {
        if (this.running) this.#log.debug('a heartbeat was lost', { reason: describeError(thrown) });
      },
    );
  }
}
