/**
 * What must hold after every event of a simulation. Each observation is held against the reference as it is made; the first that
 * does not fit ends the simulation.
 */
import {
  chunkCountAt,
  chunksOf,
  ledgerLink,
  parseLedgerText,
  stepAt,
  stepsPerEpoch,
  type ChainedLine,
  type RunPlan,
  type TreeNode,
} from '@weft/core';
import type { EpochResult, Regroup, Run } from '@weft/wire';
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Reference } from './reference.ts';

/** Something that must not be, in a simulation that is over from then on. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Violation';
  }
}

export class Invariants {
  /** Whether something on the disk was damaged. */
  isDamaged = false;
  readonly #plan: RunPlan;
  readonly #reference: Reference;
  readonly #origin: string;
  /** Which trainer has computed which chunk of which position. */
  readonly #computed = new Set<string>();
  /** What each trainer has computed of the step that its replica stands before. */
  readonly #inHand = new Map<string, Set<string>>();
  /** Who sent the partials of which chunk of which position. */
  readonly #delivered = new Map<string, string>();
  /** Members by rank of each generation. */
  readonly #generations = new Map<bigint, { readonly worldSize: number; readonly ranks: Map<number, string> }>();
  /** The newest generation that each trainer was told of. */
  readonly #generationOf = new Map<string, bigint>();
  #storedGeneration = 0n;

  /** `origin` is the digest before the first line of the ledger. */
  constructor(plan: RunPlan, reference: Reference, origin: string) {
    this.#plan = plan;
    this.#reference = reference;
    this.#origin = origin;
  }

  /** A trainer has computed the contribution of `node` of the step at `position`; `again` tells whether it may have before. */
  computed(trainer: string, position: number, node: TreeNode, again: boolean): void {
    const { first, end } = chunksOf(node, chunkCountAt(this.#plan, position));
    const done = this.#inHand.get(trainer) ?? new Set();
    this.#inHand.set(trainer, done);
    const name = `${String(node.level)}/${String(node.index)}`;
    if (done.has(name) && !again) {
      throw new Violation(`${trainer} computed node ${name} of position ${String(position)} twice`);
    }
    done.add(name);
    for (let chunk = first; chunk < end; chunk++) this.#computed.add(`${trainer} ${String(position)} ${String(chunk)}`);
  }

  /** A replica stands at `position` with parameters of this digest: the same as every other that ever stood there. */
  replica(trainer: string, position: number, weightsDigest: string): void {
    this.#inHand.delete(trainer);
    const expected = this.#reference.weightsDigests[position];
    if (weightsDigest !== expected) {
      throw new Violation(`the replica of ${trainer} at position ${String(position)} differs from the reference`);
    }
  }

  /** The store is told a generation. */
  stored(generation: bigint): void {
    if (generation < this.#storedGeneration) {
      const found = `${String(generation)} came after ${String(this.#storedGeneration)}`;
      throw new Violation(`generations decrease in the store: ${found}`);
    }
    this.#storedGeneration = generation;
  }

  /** The coordinator tells a trainer its place in a generation. */
  regrouped(trainer: string, regroup: Regroup): void {
    const { generation, rank, worldSize } = regroup;
    if (generation > this.#storedGeneration) {
      throw new Violation(`generation ${String(generation)} was sent to ${trainer} before it was stored`);
    }
    if (generation < (this.#generationOf.get(trainer) ?? 0n)) {
      const found = `${String(generation)} came after ${String(this.#generationOf.get(trainer))}`;
      throw new Violation(`generations decrease for ${trainer}: ${found}`);
    }
    this.#generationOf.set(trainer, generation);
    const known = this.#generations.get(generation) ?? { worldSize, ranks: new Map<number, string>() };
    this.#generations.set(generation, known);
    const before = known.ranks.get(rank) ?? trainer;
    const isFit = rank < worldSize && worldSize === known.worldSize && before === trainer;
    if (!isFit) {
      const place = `rank ${String(rank)} of ${String(worldSize)} in generation ${String(generation)}`;
      throw new Violation(`${trainer} got ${place}, where ${before} is, of ${String(known.worldSize)}`);
    }
    known.ranks.set(rank, trainer);
    this.#newlyGiven(trainer, regroup);
  }

  /** What a lost trainer had delivered is not computed again. */
  #newlyGiven(trainer: string, { position, chunks }: Regroup): void {
    for (const { first, end } of chunks) {
      for (let chunk = first; chunk < end; chunk++) {
        const by = this.#delivered.get(`${String(position)} ${String(chunk)}`);
        if (by === undefined || by === trainer) continue;
        throw new Violation(
          `chunk ${String(chunk)} of position ${String(position)} came from ${by}, and ${trainer} has to`,
        );
      }
    }
  }

  /** A partial of the step in hand has reached the coordinator, from a member. */
  delivered(trainer: string, position: number, node: TreeNode): void {
    const { first, end } = chunksOf(node, chunkCountAt(this.#plan, position));
    for (let chunk = first; chunk < end; chunk++) this.#delivered.set(`${String(position)} ${String(chunk)}`, trainer);
  }

  /** Steps may be done again, from the last checkpoint on. */
  rolledBack(): void {
    this.#delivered.clear();
  }

  /** The mean of the step at `position`, as it goes to a trainer. */
  update(position: number, gradientDigest: string): void {
    if (gradientDigest !== this.#reference.steps[position]?.gradientDigest) {
      throw new Violation(`the mean of the step at position ${String(position)} differs from the reference`);
    }
  }

  /** The run goes back to an earlier checkpoint: only damage is a reason. */
  wentBack(remark: string): void {
    if (!this.isDamaged) throw new Violation(`nothing was damaged, but the run ${remark}`);
  }

  /** Lines go to the ledger, of which `tail` is the last. */
  ledger(tail: ChainedLine | undefined, lines: readonly ChainedLine[]): void {
    let position = tail === undefined ? 0 : tail.position + 1;
    let digest = tail?.digest ?? this.#origin;
    for (const line of lines) {
      this.#line(line, position);
      if (hash('sha256', ledgerLink(digest, line.text), 'hex') !== line.digest) {
        throw new Violation(`the ledger's chain is broken at position ${String(position)}`);
      }
      position++;
      digest = line.digest;
    }
  }

  #line(line: ChainedLine, position: number): void {
    const found = parseLedgerText(line.text);
    if (line.position !== position || found?.position !== position) {
      throw new Violation(`the ledger goes on at ${String(line.position)} where ${String(position)} is next`);
    }
    const { epoch, step } = stepAt(this.#plan, position);
    const { lossSum, correctCount, gradientDigest, samplesDigest, assignments, generation } = found;
    const isEqual = isDeepStrictEqual(
      { epoch: found.epoch, step: found.step, lossSum, correctCount, gradientDigest, samplesDigest },
      { epoch, step, ...this.#reference.steps[position] },
    );
    if (!isEqual) throw new Violation(`the ledger's line at position ${String(position)} differs from the reference`);
    if (BigInt(generation) > this.#storedGeneration) {
      throw new Violation(
        `position ${String(position)} was committed in generation ${String(generation)}, not stored yet`,
      );
    }
    let next = 0;
    for (const { trainer, chunks } of assignments) {
      if (chunks.first !== next) {
        throw new Violation(`chunk ${String(next)} of position ${String(position)} is missing or there twice`);
      }
      for (; next < chunks.end; next++) {
        if (this.#computed.has(`${trainer} ${String(position)} ${String(next)}`)) continue;
        throw new Violation(`${trainer} never computed chunk ${String(next)} of position ${String(position)}`);
      }
    }
    if (next !== chunkCountAt(this.#plan, position)) {
      throw new Violation(`chunks from ${String(next)} on are in no sum at position ${String(position)}`);
    }
  }

  /** The result of an epoch goes to the store. */
  epoch(result: EpochResult, checkpoint: number): void {
    const expected = this.#reference.epochs[result.epoch - 1];
    const isEqual =
      result.weightsDigest === expected?.weightsDigest &&
      result.validationLoss === expected.validationLoss &&
      result.loss === expected.loss &&
      checkpoint === result.epoch * stepsPerEpoch(this.#plan.batch);
    if (!isEqual) throw new Violation(`the result of epoch ${String(result.epoch)} differs from the reference`);
  }

  /** The run has finished. */
  finished(run: Pick<Run, 'result'>, epochs: readonly EpochResult[], tail: ChainedLine | undefined): void {
    const last = this.#reference.steps.length - 1;
    if (tail?.position !== last) {
      throw new Violation(`the ledger ends at ${String(tail?.position)}, the run at ${String(last)}`);
    }
    if (epochs.length !== this.#reference.epochs.length)
      throw new Violation(`${String(epochs.length)} epochs are recorded`);
    const { result } = run;
    const isEqual =
      result?.weightsDigest === this.#reference.weightsDigests.at(-1) && result?.testLoss === this.#reference.testLoss;
    if (!isEqual) throw new Violation('the result of the run differs from the reference');
  }
}
