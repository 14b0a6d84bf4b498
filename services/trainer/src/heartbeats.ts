/** Signs of life to the coordinator, over a connection of their own. */
import { describeError } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import { ClusterService, openClient } from '@weft/wire';

export class Heartbeats {
  readonly #client;
  readonly #trainerId: string;
  readonly #instanceId: string;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;

  constructor(coordinator: string, trainerId: string, instanceId: string, log: Logger) {
    this.#client = openClient(ClusterService, { address: coordinator });
    this.#trainerId = trainerId;
    this.#instanceId = instanceId;
    this.#log = log;
  }

  /** Whether the trainer is attached, and says so regularly. */
  get running(): boolean {
    return this.#timer !== undefined;
  }

  start(intervalMs: number): void {
    this.stop();
    this.#timer = setInterval(() => {
      this.#beat(intervalMs);
    }, intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.stop();
    this.#client.close();
  }

  /** One that is lost matters little: the next follows, and the stream of the work thread tells of a lost coordinator. */
  #beat(timeoutMs: number): void {
    const request = { trainerId: this.#trainerId, instanceId: this.#instanceId };
    this.#client.heartbeat(request, { timeoutMs }).catch((thrown: unknown) => {
      if (this.running) this.#log.debug('a heartbeat was lost', { reason: describeError(thrown) });
    });
  }
}
