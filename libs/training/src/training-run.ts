/** One run as a trainer computes it: the compiled model, the data and the replica, and what can be asked of them. */
import {
  chunkCountAt,
  chunkSizes,
  chunksOf,
  evaluationChunkSize,
  exampleCountAt,
  examplesOfChunks,
  learningRateAt,
  permutation,
  rootLevel,
  stepAt,
  stepsPerEpoch,
  totalSteps,
  variableAt,
  type ChunkRange,
  type EvaluationChunkSums,
  type EvaluationSplit,
  type ExampleRange,
  type NonFinite,
  type TreeNode,
  type Variable,
  type VectorArithmetic,
} from '@weft/core';
import { contiguousExamples, gatherExamples, type ExampleSplit } from '@weft/data';
import {
  checkpointBytes,
  firstNonFinite,
  readReplicaCheckpoint,
  vectorArithmetic,
  writeReplicaCheckpoint,
  type CheckpointMetadata,
  type CompiledModel,
  type MetricSums,
  type Replica,
  type RoundExchange,
} from '@weft/engine';
import {
  configurationDigest,
  configurationText,
  contributionDigest,
  digestPieces,
  type RunAssignment,
} from '@weft/wire';
import { hash } from 'node:crypto';

/** Everything that a run is made of once it is loaded. */
export interface RunParts {
  readonly run: RunAssignment;
  readonly model: CompiledModel;
  readonly replica: Replica;
  readonly training: ExampleSplit;
  readonly evaluation: Readonly<Record<EvaluationSplit, ExampleSplit>>;
  readonly engineFingerprint: string;
}

/** Examples that are gathered at a time; larger subtrees are computed in halves and added, which is the same sum. */
const maxGatheredExamples = 2048;

export class TrainingRun {
  readonly #parts: RunParts;
  readonly #inputs: Uint8Array;
  readonly #targets: Int32Array;
  readonly #digest: string;
  /** For the right halves of large subtrees, as many as subtrees lie in each other. */
  readonly #spare: Float32Array[] = [];
  #order: { readonly epoch: number; readonly examples: Uint32Array } | undefined;

  readonly arithmetic: VectorArithmetic = vectorArithmetic;

  /** Steps that the replica has applied. */
  position = 0;

  /** Seconds spent so far on gathering examples, and in `commitAlone` on dividing, digesting and applying. */
  readonly spent: { dataSeconds: number; reduceSeconds: number } = { dataSeconds: 0, reduceSeconds: 0 };

  constructor(parts: RunParts) {
    const { globalBatch, chunkSize } = parts.run.plan.batch;
    const rows = Math.max(chunkSize, Math.min(globalBatch, maxGatheredExamples));
    this.#parts = parts;
    this.#inputs = new Uint8Array(rows * parts.training.exampleSize);
    this.#targets = new Int32Array(rows);
    this.#digest = configurationDigest(parts.run);
  }

  get run(): RunAssignment {
    return this.#parts.run;
  }

  /** Elements of a contribution. */
  get layoutSize(): number {
    return this.#parts.model.layout.size;
  }

  /** The variables of a contribution, in its order. */
  get variables(): readonly Variable[] {
    return this.#parts.model.layout.entries;
  }

  get snapshotBytes(): number {
    return checkpointBytes(this.#parts.replica, this.#metadata);
  }

  /** SHA-256 of the parameters, hexadecimal. */
  get weightsDigest(): string {
    return hash('sha256', this.#parts.replica.parameterBytes(), 'hex');
  }

  /** Order of examples and random masks follow from seed, epoch and step: there is no other state of a generator. */
  get #metadata(): CheckpointMetadata {
    const { engineFingerprint, run } = this.#parts;
    const { epoch, step } = stepAt(run.plan, this.position);
    const course = { epoch: String(epoch), step: String(step), seed: String(run.seed) };
    const facts = { ...course, configuration: configurationText(run) };
    return { position: this.position, configurationDigest: this.#digest, engineFingerprint, facts };
  }

  /** Chunks of the step in hand. */
  get chunkCount(): number {
    return chunkCountAt(this.run.plan, this.position);
  }

  /** Examples below `node` of the step in hand. */
  exampleCount(node: TreeNode): number {
    const { step } = stepAt(this.run.plan, this.position);
    const { first, end } = examplesOfChunks(this.run.plan.batch, step, chunksOf(node, this.chunkCount));
    return end - first;
  }

  /** Lengths of the vectors that are summed over the step while it is computed; none but with statistics of the whole step. */
  get rounds(): readonly number[] {
    return this.#parts.model.rounds;
  }

  /**
   * Writes the contribution of `node` of the step in hand to `into` (length `layoutSize`). One call at a time, but for a run
   * with rounds: those for the nodes of one step are under way together, each with `exchange`.
   */
  async contribute(node: TreeNode, into: Float32Array, exchange?: RoundExchange): Promise<MetricSums> {
    const range = chunksOf(node, this.chunkCount);
    const { batch } = this.run.plan;
    const { epoch, step } = stepAt(this.run.plan, this.position);
    const examples = examplesOfChunks(batch, step, range);
    const isWhole = this.rounds.length > 0;
    if (!isWhole && examples.end - examples.first > maxGatheredExamples && range.end - range.first > 1) {
      return this.#contributeHalves(node, into);
    }
    const { training, model, replica } = this.#parts;
    const count = examples.end - examples.first;
    const inputs = isWhole ? new Uint8Array(count * training.exampleSize) : this.#inputs;
    const targets = isWhole ? new Int32Array(count) : this.#targets;
    const startedMs = performance.now();
    gatherExamples(training, this.#orderOf(epoch), examples, inputs, targets);
    this.spent.dataSeconds += (performance.now() - startedMs) / 1000;
    const request = {
      examples: {
        inputs: inputs.subarray(0, count * training.exampleSize),
        targets: targets.subarray(0, count),
      },
      chunkSizes: chunkSizes(batch, step, range),
      firstChunk: range.first,
      epoch,
      step,
    };
    return model.gradient(request, replica.parameters, into, exchange);
  }

  async #contributeHalves(node: TreeNode, into: Float32Array): Promise<MetricSums> {
    const left = { level: node.level - 1, index: node.index * 2 };
    const right = { level: node.level - 1, index: node.index * 2 + 1 };
    const leftSums = await this.contribute(left, into);
    const { first, end }: ChunkRange = chunksOf(right, this.chunkCount);
    if (end <= first) return leftSums;
    const rightBuffer = this.#spare.pop() ?? new Float32Array(this.layoutSize);
    const rightSums = await this.contribute(right, rightBuffer);
    this.arithmetic.add(into, rightBuffer);
    this.#spare.push(rightBuffer);
    return { loss: leftSums.loss + rightSums.loss, correct: leftSums.correct + rightSums.correct };
  }

  /** The examples of chunk `index` of the step in hand, as positions in the epoch's order. */
  chunkExamples(index: number): ExampleRange {
    const { step } = stepAt(this.run.plan, this.position);
    return examplesOfChunks(this.run.plan.batch, step, { first: index, end: index + 1 });
  }

  /** Number and class of the example at a position of the epoch in hand. */
  exampleAt(place: number): { readonly example: number; readonly label: number } {
    const { epoch } = stepAt(this.run.plan, this.position);
    const example = this.#orderOf(epoch)[place] ?? 0;
    return { example, label: this.#parts.training.labels[example] ?? 0 };
  }

  /**
   * Writes what examples at positions [first, end) of the epoch's order would contribute as a chunk of their own, numbered `chunk`.
   * With batch statistics or dropout that is not their part of the chunk's contribution, but comes close.
   */
  async contributeExamples(places: ExampleRange, chunk: number, into: Float32Array): Promise<MetricSums> {
    const { training, model, replica } = this.#parts;
    const { epoch, step } = stepAt(this.run.plan, this.position);
    const count = places.end - places.first;
    gatherExamples(training, this.#orderOf(epoch), places, this.#inputs, this.#targets);
    const examples = {
      inputs: this.#inputs.subarray(0, count * training.exampleSize),
      targets: this.#targets.subarray(0, count),
    };
    const request = { examples, chunkSizes: [count], firstChunk: chunk, epoch, step };
    return model.gradient(request, replica.parameters, into, (_, local) => Promise.resolve(local));
  }

  /** Of the step in hand. */
  get learningRate(): number {
    const { plan, optimizer, schedule } = this.run;
    const place = { position: this.position, stepsPerEpoch: stepsPerEpoch(plan.batch), totalSteps: totalSteps(plan) };
    return learningRateAt(schedule, optimizer.learningRate, place);
  }

  /** Whether all parameters are finite. */
  get isFinite(): boolean {
    return this.#parts.replica.parameters.every(Number.isFinite);
  }

  /** Applies the mean contribution, which `mean` holds and loses, and moves to the next position. */
  apply(mean: Float32Array): void {
    const { replica } = this.#parts;
    if (mean !== replica.contribution) replica.contribution.set(mean);
    replica.apply(this.learningRate);
    this.position++;
  }

  /**
   * The whole step by this trainer alone: sum, mean and update. Returns the step's sums and the digest of the mean. Where the loss
   * or the mean is not finite, nothing is applied, as in a gang, the loss is NaN, and `nonFinite` says what it is.
   */
  async commitAlone(): Promise<MetricSums & { readonly gradientDigest: Uint8Array; readonly nonFinite?: NonFinite }> {
    const { replica } = this.#parts;
    const { contribution } = replica;
    const root = { level: rootLevel(this.chunkCount), index: 0 };
    // What the root gives for a round is the sum over the step.
    const sums = await this.contribute(root, contribution, (_, local) => Promise.resolve(local));
    const startedMs = performance.now();
    const examples = exampleCountAt(this.run.plan, this.position);
    const isFinite = replica.takeMean(examples) && Number.isFinite(sums.loss);
    const gradientDigest = contributionDigest(digestPieces(contribution));
    if (!isFinite) {
      return { ...sums, loss: NaN, gradientDigest, nonFinite: this.nonFiniteIn(contribution, sums.loss) };
    }
    this.apply(contribution);
    this.spent.reduceSeconds += (performance.now() - startedMs) / 1000;
    return { ...sums, gradientDigest };
  }

  /** What of a step is not finite, given its mean contribution and the sum of its losses. */
  nonFiniteIn(mean: Float32Array, lossSum: number): NonFinite {
    return { loss: !Number.isFinite(lossSum), variable: variableAt(this.variables, firstNonFinite(mean) ?? -1) };
  }

  /** Sums over evaluation chunk `index` of `split`. */
  async evaluateChunk(split: EvaluationSplit, index: number): Promise<EvaluationChunkSums> {
    const { model, replica, evaluation } = this.#parts;
    const first = index * evaluationChunkSize;
    const end = Math.min(first + evaluationChunkSize, evaluation[split].count);
    const examples = contiguousExamples(evaluation[split], { first, end });
    const sums = await model.evaluate({ examples, count: end - first }, replica.parameters);
    const { classes, correct, loss } = sums;
    return { index, loss, correct, ...(classes === undefined ? {} : { classes }) };
  }

  /** The replica as a checkpoint file. */
  snapshot(): Uint8Array {
    return writeReplicaCheckpoint(this.#parts.replica, this.#metadata);
  }

  /** Takes over a checkpoint file. Throws 'corrupt' or 'incompatible'. */
  loadSnapshot(bytes: Uint8Array): void {
    this.position = readReplicaCheckpoint(bytes, this.#parts.replica, this.#digest).position;
  }

  async close(): Promise<void> {
    await this.#parts.model.dispose();
  }

  #orderOf(epoch: number): Uint32Array {
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, examples: permutation(this.run.seed, epoch, this.run.plan.batch.exampleCount) };
    }
    return this.#order.examples;
  }
}
