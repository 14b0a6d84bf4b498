/** What runs took since this process started: trainers at their disposal, and steps that count or were lost. */
import type { RunId, TrainerId } from '@weft/core';

/** What a run, or all runs of a study, took. Seconds are those of trainers: two for one second are two. */
export interface RunUsage {
  /** At its disposal: from being given to being let go. */
  readonly trainerSeconds: number;
  /** Of those, in steps that were committed and not taken back. */
  readonly stepSeconds: number;
  /** Of those, in steps that were committed and then taken back. */
  readonly lostSeconds: number;
  /** Of the steps that count. */
  readonly examples: number;
}

const none: RunUsage = { trainerSeconds: 0, stepSeconds: 0, lostSeconds: 0, examples: 0 };

interface Account {
  readonly group: string;
  usage: RunUsage;
  /** Steps since the last checkpoint: they can still be lost. */
  unsafe: { readonly seconds: number; readonly examples: number };
}

export class UsageBook {
  readonly #nowMs: () => number;
  readonly #runs = new Map<RunId, Account>();
  /** Of runs that are closed, by study. */
  readonly #closed = new Map<string, RunUsage>();
  readonly #trainers = new Map<TrainerId, { readonly run: RunId; readonly sinceMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Begins to count for a run of `group` (a study). */
  open(run: RunId, group: string): void {
    if (!this.#runs.has(run)) this.#runs.set(run, { group, usage: none, unsafe: { seconds: 0, examples: 0 } });
  }

  /** Adds what the run took to its group, and forgets it. */
  close(run: RunId): void {
    const account = this.#runs.get(run);
    if (account === undefined) return;
    this.#closed.set(account.group, sum(this.#closed.get(account.group) ?? none, this.ofRun(run)));
    this.#runs.delete(run);
  }

  given(run: RunId, trainer: TrainerId): void {
    this.#trainers.set(trainer, { run, sinceMs: this.#nowMs() });
  }

  /** The trainer is at nobody's disposal any more. Gives the run that it was given to. */
  withdrawn(trainer: TrainerId): RunId | undefined {
    const given = this.#trainers.get(trainer);
    this.#trainers.delete(trainer);
    if (given === undefined) return undefined;
    const trainerSeconds = (this.#nowMs() - given.sinceMs) / 1000;
    this.#add(given.run, { ...none, trainerSeconds });
    return given.run;
  }

  /** A step was committed that took its trainers so long, altogether. */
  stepped(run: RunId, seconds: number, examples: number): void {
    this.#add(run, { ...none, stepSeconds: seconds, examples });
    const account = this.#runs.get(run);
    if (account === undefined) return;
    const { unsafe } = account;
    account.unsafe = { seconds: unsafe.seconds + seconds, examples: unsafe.examples + examples };
  }

  /** What was committed is safe. */
  saved(run: RunId): void {
    const account = this.#runs.get(run);
    if (account !== undefined) account.unsafe = { seconds: 0, examples: 0 };
  }

  /** Steps since the last checkpoint are done again. */
  rolledBack(run: RunId): void {
    const { seconds, examples } = this.#runs.get(run)?.unsafe ?? { seconds: 0, examples: 0 };
    this.#add(run, { ...none, stepSeconds: -seconds, lostSeconds: seconds, examples: -examples });
    this.saved(run);
  }

  /** What a run took that is not closed. */
  ofRun(run: RunId): RunUsage {
    const { usage } = this.#runs.get(run) ?? { usage: none };
    const nowMs = this.#nowMs();
    const held = [...this.#trainers.values()].filter((given) => given.run === run);
    const heldSeconds = held.reduce((seconds, { sinceMs }) => seconds + (nowMs - sinceMs) / 1000, 0);
    return { ...usage, trainerSeconds: usage.trainerSeconds + heldSeconds };
  }

  /** What all runs of a group took. */
  ofGroup(group: string): RunUsage {
    const open = [...this.#runs].filter(([, account]) => account.group === group);
    return open.reduce((total, [run]) => sum(total, this.ofRun(run)), this.#closed.get(group) ?? none);
  }

  #add(run: RunId, added: RunUsage): void {
    const account = this.#runs.get(run);
    if (account !== undefined) account.usage = sum(account.usage, added);
  }
}

function sum(a: RunUsage, b: RunUsage): RunUsage {
  return {
    trainerSeconds: a.trainerSeconds + b.trainerSeconds,
    stepSeconds: a.stepSeconds + b.stepSeconds,
    lostSeconds: a.lostSeconds + b.lostSeconds,
    examples: a.examples + b.examples,
  };
}
