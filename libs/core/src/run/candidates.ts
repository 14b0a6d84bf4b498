/** Trainers that were given to a run and are not members of a generation yet. */
import type { TrainerId } from '../id.ts';

/** `opening`: an answer is awaited. Otherwise the replica stands at `position`. */
type Candidate = 'opening' | { readonly position: number };

export class Candidates {
  readonly #byId = new Map<TrainerId, Candidate>();

  get size(): number {
    return this.#byId.size;
  }

  has(trainer: TrainerId): boolean {
    return this.#byId.has(trainer);
  }

  /** All of them, sorted. */
  all(): TrainerId[] {
    return [...this.#byId.keys()].sort();
  }

  /** Marks `trainer` as being at work: it will answer with its position. */
  await(trainer: TrainerId): void {
    this.#byId.set(trainer, 'opening');
  }

  /** Takes the answer of `trainer`. */
  answer(trainer: TrainerId, position: number): void {
    this.#byId.set(trainer, { position });
  }

  remove(trainer: TrainerId): void {
    this.#byId.delete(trainer);
  }

  clear(): void {
    this.#byId.clear();
  }

  /** Those that have answered, sorted. */
  ready(): TrainerId[] {
    return this.all().filter((trainer) => this.#byId.get(trainer) !== 'opening');
  }

  /** Those whose replica stands at `position`, sorted. */
  at(position: number): TrainerId[] {
    return this.ready().filter((trainer) => this.#position(trainer) === position);
  }

  /** Those that have answered and stand elsewhere than at `position`, sorted. */
  elsewhere(position: number): TrainerId[] {
    return this.ready().filter((trainer) => this.#position(trainer) !== position);
  }

  #position(trainer: TrainerId): number | undefined {
    const candidate = this.#byId.get(trainer);
    return candidate === undefined || candidate === 'opening' ? undefined : candidate.position;
  }
}
