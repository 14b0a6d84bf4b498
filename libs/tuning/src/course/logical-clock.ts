import type { TrialRecord } from './trial-record.ts';

/** The slots of a study, and the time that passes for the trials in them: for all at once, when each can go on. */
export class LogicalClock {
  readonly #slots: number;
  readonly #maxEpochs: number;
  #moment = 0;
  /** In slots, by number. */
  #active: TrialRecord[] = [];
  readonly #lagging = new Set<TrialRecord>();

  constructor(slots: number, maxEpochs: number) {
    this.#slots = slots;
    this.#maxEpochs = maxEpochs;
  }

  get moment(): number {
    return this.#moment;
  }

  get hasFreeSlot(): boolean {
    return this.#active.length < this.#slots;
  }

  get isIdle(): boolean {
    return this.#active.length === 0;
  }

  /** Whether nothing has to be waited for: the next moment can come. */
  get isDue(): boolean {
    return this.#active.length > 0 && this.#lagging.size === 0;
  }

  /** Those that the next moment waits for, by number. */
  get lagging(): number[] {
    return [...this.#lagging].map(({ trial }) => trial).sort((a, b) => a - b);
  }

  /** The trial takes a slot now. Its number is higher than those of all before it. */
  enter(trial: TrialRecord): void {
    this.#active.push(trial);
    this.hear(trial);
  }

  /** Something new is known of the trial. */
  hear(trial: TrialRecord): void {
    if (trial.state !== 'running') return;
    if (trial.isNextKnown(this.#maxEpochs)) this.#lagging.delete(trial);
    else this.#lagging.add(trial);
  }

  /** The next moment comes, in which one unit of time passes for each trial in a slot. Returns these, by number. */
  tick(): readonly TrialRecord[] {
    this.#moment++;
    return this.#active;
  }

  /** The moment is over: trials that have ended leave their slots, and it is seen who has to be waited for. */
  settle(): void {
    this.#active = this.#active.filter(({ state }) => state === 'running');
    this.#lagging.clear();
    for (const trial of this.#active) this.hear(trial);
  }
}
