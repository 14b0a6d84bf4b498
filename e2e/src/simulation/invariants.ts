/**
 * What must hold after every event of a simulation. Each observation is held against the reference as it is made; the first that
 * does not fit ends the simulation.
 */
import { chunkCountAt, ledgerLink, ledgerOrigin, stepAt, totalSteps, type RunPlan } from '@weft/core';
import type { ChainedLine } from '@weft/store';
import type { EpochResult, Regroup, Run } from '@weft/wire';
import { hash } from 'node:crypto';
import type { Reference } from './reference.ts';

/** Something that must not be, in a simulation that is over from then on. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Violation';
  }
}

export class Invariants {
  readonly #plan: RunPlan;
  readonly #reference: Reference;
  /** Members by rank of each generation. */
  readonly #generations = new Map<bigint, { readonly worldSize: number; readonly ranks: Map<number, string> }>();
  /** The newest generation that each trainer was told of. */
  readonly #generationOf = new Map<string, bigint>();
  #storedGeneration = 0n;

  constructor(plan: RunPlan, reference: Reference) {
    this.#plan = plan;
    this.#reference = reference;
  }

  /** A replica stands at `position` with parameters of this digest: the same as every other that ever stood there. */
  replica(trainer: string, position: number, weightsDigest: string): void {
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
  regrouped(trainer: string, { generation, rank, worldSize }: Regroup): void {
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
  }

  /** The mean of the step at `position`, as it goes to a trainer. */
  update(position: number, gradientDigest: string): void {
    if (gradientDigest !== this.#reference.steps[position]?.gradientDigest) {
      throw new Violation(`the mean of the step at position ${String(position)} differs from the reference`);
    }
  }

  /** Lines go to the ledger, of which `tail` is the last. */
  ledger(tail: ChainedLine | undefined, lines: readonly ChainedLine[]): void {
    let position = tail === undefined ? 0 : tail.position + 1;
    let digest = tail?.digest ?? ledgerOrigin;
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
    const [at, epoch, step, , assignments, lossSum, correct, gradientDigest] = JSON.parse(line.text) as LineFields;
    if (line.position !== position || at !== position) {
      throw new Violation(`the ledger goes on at ${String(line.position)} where ${String(position)} is next`);
    }
    const place = stepAt(this.#plan, position);
    const expected = this.#reference.steps[position];
    const isEqual =
      epoch === place.epoch &&
      step === place.step &&
      lossSum === expected?.lossSum &&
      correct === expected.correctCount &&
      gradientDigest === expected.gradientDigest;
    if (!isEqual) throw new Violation(`the ledger's line at position ${String(position)} differs from the reference`);
    let next = 0;
    for (const [trainer, first, end] of assignments) {
      if (first !== next) {
        throw new Violation(
          `chunk ${String(next)} at position ${String(position)}: ${trainer} has [${String(first)}, ${String(end)})`,
        );
      }
      next = end;
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
      checkpoint === (result.epoch * totalSteps(this.#plan)) / this.#plan.epochs;
    if (!isEqual) throw new Violation(`the result of epoch ${String(result.epoch)} differs from the reference`);
  }

  /** The run has finished. */
  finished(run: Pick<Run, 'result'>, epochs: readonly EpochResult[], tail: ChainedLine | undefined): void {
    const last = totalSteps(this.#plan) - 1;
    if (tail?.position !== last) {
      throw new Violation(`the ledger ends at ${String(tail?.position)}, the run at ${String(last)}`);
    }
    if (epochs.length !== this.#plan.epochs) throw new Violation(`${String(epochs.length)} epochs are recorded`);
    const { result } = run;
    const isEqual =
      result?.weightsDigest === this.#reference.weightsDigests.at(-1) && result?.testLoss === this.#reference.testLoss;
    if (!isEqual) throw new Violation('the result of the run differs from the reference');
  }
}

type LineFields = readonly [
  number,
  number,
  number,
  number,
  readonly (readonly [string, number, number])[],
  number,
  number,
  string,
];
