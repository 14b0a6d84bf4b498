/** Trainers that were given to a run and are not members of a generation yet. */
import type { TrainerId } from '../id.ts';

/** Where the replica stands, or where it will once the trainer answers. */
interface Candidate {
  readonly position: number;
  readonly isAwaited: boolean;
}

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

  /** Marks `trainer` as being at work: it will answer that it stands at `position`. */
  await(trainer: TrainerId, position: number): void {
    this.#byId.set(trainer, { position, isAwaited: true });
  }

  /** Whether `trainer` was to answer that it stands at `position`. Another answer is one to something it was told before. */
  isAwaited(trainer: TrainerId, position: number): boolean {
    const candidate = this.#byId.get(trainer);
    return candidate?.isAwaited === true && candidate.position === position;
  }

  /** `trainer` stands at `position`. */
  stands(trainer: TrainerId, position: number): void {
    this.#byId.set(trainer, { position, isAwaited: false });
  }

  remove(trainer: TrainerId): void {
    this.#byId.delete(trainer);
  }

  clear(): void {
    this.#byId.clear();
  }

  /** Those that have answered, sorted. */
  ready(): TrainerId[] {
    return this.all().filter((trainer) => this.#byId.get(trainer)?.isAwaited === false);
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
    return this.#byId.get(trainer)?.position;
  }
}
