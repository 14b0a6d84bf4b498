/** Carries what happens in runs to whoever watches: each watcher sees every event from its start on, in order. */
import type { RunId } from '@weft/core';
import type { MessageInitShape, WatchRunResponseSchema } from '@weft/wire';

/** One thing to tell a watcher. */
export type FeedEvent = NonNullable<MessageInitShape<typeof WatchRunResponseSchema>['event']>;

/** Events that a watcher may be behind; a slower one loses progress events, never others. */
const maxPending = 1024;

class Watcher {
  #pending: FeedEvent[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  give(event: FeedEvent): void {
    if (this.#pending.length >= maxPending) {
      this.#pending = this.#pending.filter((pending) => pending.case !== 'progress');
    }
    this.#pending.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *events(signal: AbortSignal): AsyncGenerator<FeedEvent> {
    const stop = (): void => {
      this.end();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        const event = this.#pending.shift();
        if (event !== undefined) yield event;
        else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

export class RunFeed {
  readonly #watchers = new Map<RunId, Set<Watcher>>();

  /** Gives `event` to every watcher of the run. */
  publish(run: RunId, event: FeedEvent): void {
    for (const watcher of this.#watchers.get(run) ?? []) watcher.give(event);
  }

  /** Whether anybody watches the run. */
  isWatched(run: RunId): boolean {
    return (this.#watchers.get(run)?.size ?? 0) > 0;
  }

  /** Ends every watch of the run, after what was published. */
  endRun(run: RunId): void {
    for (const watcher of this.#watchers.get(run) ?? []) watcher.end();
  }

  endAll(): void {
    for (const run of this.#watchers.keys()) this.endRun(run);
  }

  /** What is published from now on, until the run ends or `signal` aborts. */
  watch(run: RunId, signal: AbortSignal): AsyncGenerator<FeedEvent> {
    const watcher = new Watcher();
    const watchers = this.#watchers.get(run) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(run, watchers);
    // Also where the caller goes before it has taken anything.
    signal.addEventListener('abort', () => watchers.delete(watcher), { once: true });
    return this.#follow(run, watcher, watchers, signal);
  }

  async *#follow(run: RunId, watcher: Watcher, watchers: Set<Watcher>, signal: AbortSignal): AsyncGenerator<FeedEvent> {
    try {
      yield* watcher.events(signal);
    } finally {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(run);
    }
  }
}
