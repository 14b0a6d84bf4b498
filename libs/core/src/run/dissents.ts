/** What to do when replicas differ: once can be a flipped bit, twice is a machine that must not compute. */
import type { TrainerId } from '../id.ts';

/** What follows from a comparison of replicas that found differences. */
export interface DissentVerdict {
  readonly text: string;
  /** To be let go for good. */
  readonly evicted: readonly TrainerId[];
  /** Whether nobody can be trusted any more. */
  readonly end: boolean;
}

/** After so many comparisons that name nobody the run ends: it would go on in circles. */
const mostTies = 2;

export class Dissents {
  readonly #offences = new Map<TrainerId, number>();
  #ties = 0;

  /** Takes the `dissenting` of `members`: the minority, or everyone where no majority agrees. */
  take(position: number, dissenting: readonly TrainerId[], members: readonly TrainerId[]): DissentVerdict {
    const found = `replicas differ at position ${String(position)}: ${dissenting.join(', ')}`;
    if (dissenting.length === members.length) {
      this.#ties++;
      const end = this.#ties > mostTies;
      const then = end ? 'again; look at the memory of these machines' : 'all go back to the last checkpoint';
      return { text: `${found}; no majority agrees; ${then}`, evicted: [], end };
    }
    for (const trainer of dissenting) this.#offences.set(trainer, (this.#offences.get(trainer) ?? 0) + 1);
    const evicted = dissenting.filter((trainer) => (this.#offences.get(trainer) ?? 0) > 1);
    const gone = evicted.length > 0 ? `; ${evicted.join(', ')} evicted, it was wrong before` : '';
    const text = `${found}, against the majority${gone}; all replicas are replaced from the last checkpoint`;
    return { text, evicted, end: false };
  }
}
