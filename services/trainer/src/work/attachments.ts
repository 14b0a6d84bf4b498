/** One session after another with the coordinator, until told to stop or there is no hope. */
import { WeftError, type Clock, type ErrorCode } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import type { CallOptions } from '@weft/wire';
import type { ComputeReport, ExchangingGang } from '../compute/commands.ts';
import { Session, type CoordinatorStream, type SessionParts } from './session.ts';

/** Where to attach, and for how long to try. */
export interface AttachmentSettings {
  readonly coordinator: string;
  readonly reconnectTimeoutMs: number;
}

/** The connection to a coordinator; `openClient(ClusterService, ...)` makes the real one. */
export interface CoordinatorConnection {
  connected(options: CallOptions): Promise<void>;
  attach(): CoordinatorStream;
  close(): void;
}

/** Failures after which the coordinator may be back soon; all others are final. */
const passing: readonly ErrorCode[] = ['unavailable', 'timeout'];
const retryPauseMs = 250;

export class Attachments {
  readonly #settings: AttachmentSettings;
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #connect: () => CoordinatorConnection;
  #session: Session | undefined;

  constructor(settings: AttachmentSettings, parts: SessionParts, clock: Clock, connect: () => CoordinatorConnection) {
    this.#settings = settings;
    this.#parts = parts;
    this.#log = parts.log;
    this.#clock = clock;
    this.#connect = connect;
  }

  /** Hands a report of the training loop to the session in hand. */
  report(report: ComputeReport): void {
    this.#session?.report(report);
  }

  /** Tells the coordinator, if there is one, that another trainer of `gang` cannot be reached. */
  peerLost(gang: ExchangingGang, trainerId: string, reason: string): void {
    this.#session?.peerLost(gang, trainerId, reason);
  }

  /**
   * Serves until `stop` aborts. Throws a `WeftError` where the coordinator refuses the trainer, or cannot be reached for
   * `reconnectTimeoutMs`.
   */
  async serve(stop: AbortSignal): Promise<void> {
    const client = this.#connect();
    const { reconnectTimeoutMs } = this.#settings;
    let lastSeenMs = this.#clock.nowMs();
    const stopped = (): boolean => stop.aborted;
    try {
      while (!stopped()) {
        await client.connected({ timeoutMs: reconnectTimeoutMs, signal: stop }).catch((thrown: unknown) => {
          if (!stopped()) throw thrown;
        });
        if (stopped()) return;
        const session = new Session(client.attach(), this.#parts);
        const error = await this.#serveSession(session, stop);
        if (stopped()) return;
        if (session.welcomed) lastSeenMs = this.#clock.nowMs();
        if (error !== undefined && !passing.includes(error.code)) throw error;
        if (this.#clock.nowMs() - lastSeenMs > reconnectTimeoutMs) throw error ?? this.#unreachable();
        this.#log.warn('detached; trying again', { reason: error?.message ?? 'the coordinator closed the stream' });
        await new Promise<void>((resolve) => {
          this.#clock.after(retryPauseMs, resolve);
        });
      }
    } finally {
      client.close();
    }
  }

  async #serveSession(session: Session, stop: AbortSignal): Promise<WeftError | undefined> {
    const leave = (): void => {
      session.leave('it was told to stop');
    };
    this.#session = session;
    stop.addEventListener('abort', leave, { once: true });
    try {
      return await session.serve();
    } finally {
      stop.removeEventListener('abort', leave);
      this.#session = undefined;
    }
  }

  #unreachable(): WeftError {
    const { coordinator, reconnectTimeoutMs } = this.#settings;
    const seconds = String(reconnectTimeoutMs / 1000);
    return new WeftError('unavailable', `no coordinator at ${coordinator} for ${seconds} s; is it running there?`);
  }
}
