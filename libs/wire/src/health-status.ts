/** Which services of a process can be used now; the source of the gRPC health service. */

/** Read by the health service. */
export interface HealthStatus {
  /** Full names of the services, sorted. */
  names(): readonly string[];
  /** Whether a service serves; undefined for one that is not known. The empty name means the process as a whole. */
  serving(service: string): boolean | undefined;
  /** Calls `changed` after every change; returns what stops that. */
  subscribe(changed: () => void): () => void;
}

/** A `HealthStatus` that the process sets. The process as a whole serves when all of its services do. */
export class ServiceHealth implements HealthStatus {
  readonly #states = new Map<string, boolean>();
  readonly #listeners = new Set<() => void>();

  /** Starts with every service in `services` not serving. */
  constructor(services: readonly string[]) {
    for (const service of services.toSorted()) this.#states.set(service, false);
  }

  /** Says whether a service serves from now on. */
  set(service: string, serving: boolean): void {
    if (this.#states.get(service) === serving) return;
    this.#states.set(service, serving);
    this.#announce();
  }

  /** Says the same of every service. */
  setAll(serving: boolean): void {
    const changes = [...this.#states].some(([, state]) => state !== serving);
    for (const service of this.#states.keys()) this.#states.set(service, serving);
    if (changes) this.#announce();
  }

  names(): readonly string[] {
    return [...this.#states.keys()].toSorted();
  }

  serving(service: string): boolean | undefined {
    return service === '' ? [...this.#states.values()].every(Boolean) : this.#states.get(service);
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => {
      this.#listeners.delete(changed);
    };
  }

  #announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
