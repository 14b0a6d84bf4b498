/**
 * Carries what happens in studies to whoever watches. A watcher that is slow hears of each change once, as things stand then:
 * what it has not fetched yet is a set of things that changed, not a list of events.
 */

/** What changed since a watcher last asked. */
export interface StudyNews {
  readonly study: boolean;
  /** Ascending. */
  readonly trials: readonly number[];
  readonly notices: readonly string[];
}

/** Notices that a watcher may be behind; the oldest go. */
const maxNotices = 1000;

class Watcher {
  #study = true;
  #trials = new Set<number>();
  #notices: string[] = [];
  #wake: (() => void) | undefined;

  changed(trial?: number): void {
    this.#study = true;
    if (trial !== undefined) this.#trials.add(trial);
    this.#wake?.();
  }

  tell(text: string): void {
    this.#notices.push(text);
    if (this.#notices.length > maxNotices) this.#notices.shift();
    this.#wake?.();
  }

  /** What is new; waits for it up to `patienceMs`. */
  async next(patienceMs: number, signal: AbortSignal): Promise<StudyNews> {
    if (!this.#study && this.#notices.length === 0) await this.#news(patienceMs, signal);
    const news = { study: this.#study, trials: [...this.#trials].sort((a, b) => a - b), notices: this.#notices };
    this.#study = false;
    this.#trials = new Set();
    this.#notices = [];
    return news;
  }

  async #news(patienceMs: number, signal: AbortSignal): Promise<void> {
    const waited = Promise.withResolvers<undefined>();
    this.#wake = () => {
      waited.resolve(undefined);
    };
    const timer = setTimeout(this.#wake, patienceMs);
    signal.addEventListener('abort', this.#wake, { once: true });
    await waited.promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', this.#wake);
    this.#wake = undefined;
  }
}

export class StudyFeed {
  readonly #watchers = new Map<string, Set<Watcher>>();

  studyChanged(study: string): void {
    for (const watcher of this.#watchers.get(study) ?? []) watcher.changed();
  }

  trialChanged(study: string, trial: number): void {
    for (const watcher of this.#watchers.get(study) ?? []) watcher.changed(trial);
  }

  notice(study: string, text: string): void {
    for (const watcher of this.#watchers.get(study) ?? []) watcher.tell(text);
  }

  /** What is new in the study, at least every `patienceMs`, until the caller stops or `signal` aborts. */
  async *watch(study: string, patienceMs: number, signal: AbortSignal): AsyncGenerator<StudyNews> {
    const watcher = new Watcher();
    const watchers = this.#watchers.get(study) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(study, watchers);
    try {
      while (!signal.aborted) yield await watcher.next(patienceMs, signal);
    } finally {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(study);
    }
  }
}
