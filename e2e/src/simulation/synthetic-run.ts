/** A run as the training loop sees it, over the synthetic model: real positions, chunks and bits, virtual time. */
import {
  addInPlace,
  chunkCountAt,
  chunksOf,
  evaluationChunkSize,
  exampleCountAt,
  examplesOfChunks,
  permutation,
  rootLevel,
  stepAt,
  WeftError,
  type EvaluationChunkSums,
  type EvaluationSplit,
  type NonFinite,
  type TreeNode,
  type Variable,
} from '@weft/core';
import type { OpenedRun } from '@weft/trainer';
import { contributionDigest, digestPieces, type RunAssignment } from '@weft/wire';
import { hash } from 'node:crypto';
import {
  addExample,
  applyMean,
  baseElements,
  evaluate,
  initialParameters,
  repeated,
  type ExampleTerm,
} from './synthetic-model.ts';

/** What a synthetic run tells of itself, and what makes its time pass. */
export interface RunWitness {
  /** Resolves when `chunks` chunks would have been computed. */
  compute(chunks: number): Promise<void>;
  /** The contribution of `node` of the step at `position` was computed; `again`: by itself, perhaps a second time. */
  computed(position: number, node: TreeNode, again: boolean): void;
  /** The replica now stands at `position` with these parameters. */
  stands(position: number, weightsDigest: string): void;
}

const headerBytes = 8;

export class SyntheticRun implements OpenedRun {
  readonly run: RunAssignment;
  readonly layoutSize: number;
  readonly variables: readonly Variable[] = [];
  readonly rounds: readonly number[] = [];
  readonly spent = { dataSeconds: 0, reduceSeconds: 0 };
  readonly #witness: RunWitness;
  readonly #parameters: Float32Array;
  readonly #velocity: Float32Array;
  #position = 0;

  constructor(run: RunAssignment, witness: RunWitness) {
    this.run = run;
    this.#witness = witness;
    this.layoutSize = elementsOf(run.topology);
    this.#parameters = initialParameters(run.seed, this.layoutSize);
    this.#velocity = new Float32Array(this.layoutSize);
    this.#tell();
  }

  get position(): number {
    return this.#position;
  }

  get snapshotBytes(): number {
    return headerBytes + 8 * this.layoutSize;
  }

  get weightsDigest(): string {
    return digestOf(this.#parameters);
  }

  get chunkCount(): number {
    return chunkCountAt(this.run.plan, this.#position);
  }

  exampleCount(node: TreeNode): number {
    const { step } = stepAt(this.run.plan, this.#position);
    const { first, end } = examplesOfChunks(this.run.plan.batch, step, chunksOf(node, this.chunkCount));
    return end - first;
  }

  contribute(node: TreeNode, into: Float32Array): Promise<ExampleTerm> {
    return this.#contribute(node, into, false);
  }

  async #contribute(node: TreeNode, into: Float32Array, again: boolean): Promise<ExampleTerm> {
    const { first, end } = chunksOf(node, this.chunkCount);
    await this.#witness.compute(end - first);
    const base = new Float32Array(baseElements);
    const sums = this.#sum(node, base);
    into.set(repeated(base, this.layoutSize));
    this.#witness.computed(this.#position, node, again);
    return sums;
  }

  apply(mean: Float32Array): void {
    applyMean(mean, this.#parameters, this.#velocity);
    this.#position++;
    this.#tell();
  }

  nonFiniteIn(): NonFinite {
    throw new WeftError('internal', 'a synthetic run is finite');
  }

  async commitAlone(): Promise<ExampleTerm & { readonly gradientDigest: Uint8Array }> {
    const mean = new Float32Array(this.layoutSize);
    const sums = await this.#contribute({ level: rootLevel(this.chunkCount), index: 0 }, mean, true);
    const examples = exampleCountAt(this.run.plan, this.#position);
    for (let element = 0; element < this.layoutSize; element++) mean[element] = (mean[element] ?? 0) / examples;
    const gradientDigest = contributionDigest(digestPieces(mean));
    this.apply(mean);
    return { ...sums, gradientDigest };
  }

  async evaluateChunk(split: EvaluationSplit, index: number): Promise<EvaluationChunkSums> {
    await this.#witness.compute(1);
    const total = this.run.plan.evaluationExamples[split];
    const count = Math.min(evaluationChunkSize, total - index * evaluationChunkSize);
    return { index, ...evaluate(split === 'test' ? 1 : 0, index, count, this.#parameters) };
  }

  snapshot(): Uint8Array {
    const bytes = new Uint8Array(this.snapshotBytes);
    new DataView(bytes.buffer).setFloat64(0, this.#position);
    bytes.set(bytesOf(this.#parameters), headerBytes);
    bytes.set(bytesOf(this.#velocity), headerBytes + 4 * this.layoutSize);
    return bytes;
  }

  loadSnapshot(bytes: Uint8Array): void {
    if (bytes.length !== this.snapshotBytes) {
      throw new WeftError('corrupt', `a snapshot has ${String(bytes.length)} bytes, not ${String(this.snapshotBytes)}`);
    }
    this.#position = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
    bytesOf(this.#parameters).set(bytes.subarray(headerBytes, headerBytes + 4 * this.layoutSize));
    bytesOf(this.#velocity).set(bytes.subarray(headerBytes + 4 * this.layoutSize));
    this.#tell();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #tell(): void {
    this.#witness.stands(this.#position, this.weightsDigest);
  }

  /** Along the tree, as several trainers together would. */
  #sum(node: TreeNode, into: Float32Array): ExampleTerm {
    const { batch } = this.run.plan;
    const { epoch, step } = stepAt(this.run.plan, this.#position);
    if (node.level === 0) {
      const order = permutation(this.run.seed, epoch, batch.exampleCount);
      const { first, end } = examplesOfChunks(batch, step, chunksOf(node, this.chunkCount));
      into.fill(0);
      let loss = 0;
      let correct = 0;
      for (let place = first; place < end; place++) {
        const term = addExample(order[place] ?? -1, this.#parameters, into);
        loss += term.loss;
        correct += term.correct;
      }
      return { loss, correct };
    }
    const left = this.#sum({ level: node.level - 1, index: node.index * 2 }, into);
    const rightNode = { level: node.level - 1, index: node.index * 2 + 1 };
    const { first, end } = chunksOf(rightNode, this.chunkCount);
    if (end <= first) return left;
    const rightSum = new Float32Array(baseElements);
    const right = this.#sum(rightNode, rightSum);
    addInPlace(into, rightSum);
    return { loss: left.loss + right.loss, correct: left.correct + right.correct };
  }
}

/** The topology of a synthetic model of so many elements. */
export function topologyOf(elements: number): string {
  return JSON.stringify({ elements });
}

function elementsOf(topology: string): number {
  // `topologyOf` wrote it.
  return (JSON.parse(topology) as { readonly elements: number }).elements;
}

/** SHA-256 of the bytes of `values`, hexadecimal. */
export function digestOf(values: Float32Array): string {
  return hash('sha256', bytesOf(values), 'hex');
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
