/**
 * One step of a gang that exchanges partials directly, as one rank sees it: the sum of the elements that this rank owns, and the
 * means that come from the other owners.
 *
 * The sum of a node is always left + right, as everywhere, so it does not matter who finishes it. Nothing is finished before every
 * rank has been heard: that keeps all ranks within one step of each other, and with them what must be kept for a slow one.
 */
import { WeftError } from '../error.ts';
import { chunksOf, TreeSum, type TreeNode } from '../reduction-tree.ts';
import { scalarArithmetic, type VectorArithmetic } from '../vector-arithmetic.ts';
import type { ElementRange, Ownership } from './ownership.ts';

/** Sums over the examples of some chunks, besides the gradient. */
export interface StepSums {
  readonly loss: number;
  readonly correct: number;
}

/** What a rank contributes to its owners, or that it has no chunks in this step. */
export interface DirectPartial {
  /** Absent where the rank has no chunks. */
  readonly node?: TreeNode;
  /** The elements that the receiver owns, summed over `node`. */
  readonly values: Float32Array;
  /** Whether the receiver must leave `values` as they are. */
  readonly borrowed?: boolean;
  readonly sums: StepSums;
  /** From rank 0: the gang stops after this step. */
  readonly hold: boolean;
}

/** The mean of the elements that one rank owns. */
export interface DirectMean {
  readonly values: Float32Array;
  readonly sums: StepSums;
  /** SHA-256 of each piece, one after the other. */
  readonly digests: Uint8Array;
  readonly finite: boolean;
  readonly hold: boolean;
}

/** What a step came to, once it is complete. */
export interface DirectOutcome {
  /** Of the whole contribution; written until the step is complete, then the caller's. */
  readonly mean: Float32Array;
  readonly sums: StepSums;
  /** SHA-256 of each piece of the mean, one after the other. */
  readonly digests: Uint8Array;
  readonly finite: boolean;
  readonly hold: boolean;
}

/** What a rank must know of a step. */
export interface DirectStepSettings {
  readonly rank: number;
  readonly ownership: Ownership;
  readonly chunkCount: number;
  readonly exampleCount: number;
  /** Where the mean goes: as long as the whole contribution. */
  readonly mean: Float32Array;
  /** SHA-256 of each piece of `values`, one after the other. */
  readonly digestPieces: (values: Float32Array) => Uint8Array;
  /** How vectors are added and divided; one element after the other where absent. */
  readonly arithmetic?: VectorArithmetic | undefined;
}

interface OwnedSum extends StepSums {
  readonly values: Float32Array;
  readonly borrowed: boolean;
}

export class DirectStep {
  readonly #settings: DirectStepSettings;
  readonly #arithmetic: VectorArithmetic;
  readonly #tree: TreeSum<OwnedSum>;
  readonly #arrived: boolean[];
  readonly #heard = new Set<number>();
  readonly #means: (Omit<DirectMean, 'values'> | undefined)[];
  #hold = false;
  #own: DirectMean | undefined;

  constructor(settings: DirectStepSettings) {
    const { arithmetic = scalarArithmetic, chunkCount, ownership } = settings;
    this.#settings = settings;
    this.#arithmetic = arithmetic;
    this.#arrived = new Array<boolean>(chunkCount).fill(false);
    this.#means = ownership.ranges.map(() => undefined);
    this.#tree = new TreeSum(chunkCount, (left, right) => ({
      values: added(arithmetic, left, right),
      borrowed: false,
      loss: left.loss + right.loss,
      correct: left.correct + right.correct,
    }));
  }

  /**
   * Takes a partial of `rank` and adds it. Returns this rank's mean when that completes it: where means are exchanged, it goes to
   * all other ranks. Throws 'invalid-argument' for a partial that cannot belong to the step.
   */
  takePartial(rank: number, partial: DirectPartial): DirectMean | undefined {
    const { node, values, borrowed = false, sums, hold } = partial;
    const { first, end } = this.#owned;
    if (values.length !== (node === undefined ? 0 : end - first)) {
      const expected = `its owner has elements ${String(first)} to ${String(end)}`;
      this.#refuse(`rank ${String(rank)} sent a partial of ${String(values.length)} elements; ${expected}`);
    }
    if (node !== undefined) {
      const range = chunksOf(node, this.#settings.chunkCount);
      const name = `node ${String(node.level)}/${String(node.index)}`;
      if (range.end <= range.first) this.#refuse(`rank ${String(rank)} sent ${name}, which covers no chunk`);
      if (this.#arrived.slice(range.first, range.end).includes(true))
        this.#refuse(`rank ${String(rank)} sent ${name}, whose chunks have arrived`);
      this.#arrived.fill(true, range.first, range.end);
      this.#tree.give(node, { values, borrowed, ...sums });
    }
    this.#heard.add(rank);
    if (rank === 0) this.#hold = hold;
    if (this.#own !== undefined || !this.#tree.complete || this.#heard.size < this.#means.length) return undefined;
    return this.#finish();
  }

  /** Takes the mean of the elements that `rank` owns. Throws 'invalid-argument' for one that does not fit. */
  takeMean(rank: number, mean: DirectMean): void {
    const owned = this.#settings.ownership.ranges[rank];
    const length = owned === undefined ? -1 : owned.end - owned.first;
    if (owned === undefined || mean.values.length !== length || this.#means[rank] !== undefined) {
      this.#refuse(
        `rank ${String(rank)} sent a mean of ${String(mean.values.length)} elements; ${String(length)} fit, once`,
      );
    }
    this.#settings.mean.set(mean.values, owned.first);
    this.#means[rank] = mean;
  }

  /** What the step came to, or `undefined` while something is missing. */
  get outcome(): DirectOutcome | undefined {
    const { ownership, mean } = this.#settings;
    if (ownership.replicated) {
      if (this.#own === undefined) return undefined;
      const { sums, digests, finite, hold } = this.#own;
      return { mean, sums, digests, finite, hold };
    }
    const owners = this.#means.filter((_, rank) => !isEmpty(ownership.ranges[rank]));
    const parts = owners.filter((part) => part !== undefined);
    const [any] = parts;
    if (any === undefined || parts.length < owners.length) return undefined;
    return {
      mean,
      sums: any.sums,
      digests: joined(parts.map(({ digests }) => digests)),
      finite: parts.every(({ finite }) => finite),
      hold: any.hold,
    };
  }

  get #owned(): ElementRange {
    return this.#settings.ownership.ranges[this.#settings.rank] ?? { first: 0, end: 0 };
  }

  #finish(): DirectMean {
    const { rank, exampleCount, mean, digestPieces } = this.#settings;
    const { first, end } = this.#owned;
    const { values: sum, loss, correct } = this.#tree.root;
    const values = mean.subarray(first, end);
    const finite = this.#arithmetic.divide(sum, exampleCount, values) && Number.isFinite(loss);
    this.#own = { values, sums: { loss, correct }, digests: digestPieces(values), finite, hold: this.#hold };
    this.#means[rank] = this.#own;
    return this.#own;
  }

  #refuse(message: string): never {
    throw new WeftError('invalid-argument', message);
  }
}

/** The sum in whichever of the two may be changed; a + b and b + a are the same bits. */
function added({ add }: VectorArithmetic, left: OwnedSum, right: OwnedSum): Float32Array {
  if (!left.borrowed) return add(left.values, right.values);
  if (!right.borrowed) return add(right.values, left.values);
  return add(left.values.slice(), right.values);
}

function isEmpty(range: ElementRange | undefined): boolean {
  return range === undefined || range.end <= range.first;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
