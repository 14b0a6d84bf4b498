/**
 * Checks the ledger of a run line by line, in memory that does not grow with its length.
 *
 * What is recomputed: the chain from the run's configuration on, the digests of examples from seed and epoch, and the coverage, by
 * marking each example of an epoch when a chunk of a line takes it. What is not: losses and gradients; replay does that.
 */
import { chunkCountOfStep, examplesOfChunks, examplesOfStep, stepsPerEpoch } from '../batch-plan.ts';
import type { ChunkRange } from '../reduction-tree.ts';
import { stepAt, totalSteps, type RunPlan } from '../run/run-plan.ts';
import { EpochSamples } from './epoch-samples.ts';
import { ledgerLink, ledgerOrigin, type Sha256 } from './ledger-chain.ts';
import { parseLedgerText, type LedgerLine } from './ledger-line.ts';

/** What a run's configuration says of its ledger. */
export interface LedgerSubject {
  readonly plan: RunPlan;
  readonly seed: number;
  readonly configurationDigest: string;
}

/** A line as it is kept. */
export interface ChainedLine {
  readonly position: number;
  readonly text: string;
  /** SHA-256 over the digest before and the text, hexadecimal. */
  readonly digest: string;
}

/** The first thing that is wrong: which line, counted from 0, and why. */
export interface LedgerProblem {
  readonly position: number;
  readonly reason: string;
}

/** Sums over an epoch, in the order of its lines. */
export interface EpochSums {
  readonly lossSum: number;
  readonly correctCount: number;
}

/** What a ledger must end with. */
export interface LedgerEnd {
  /** Lines that there must be at least. */
  readonly atLeast: number;
  /** Of a run that has finished: the digest in its result. Then there is a line for each step. */
  readonly finished?: string | undefined;
  /** Steps of a run that finished before its last epoch. */
  readonly steps?: number | undefined;
}

export class LedgerVerifier {
  readonly #subject: LedgerSubject;
  readonly #sha256: Sha256;
  readonly #samples: EpochSamples;
  readonly #seen: Uint8Array;
  readonly #epochSums: EpochSums[] = [];
  #digest: string;
  #lines = 0;
  #generation = 0;
  #sums: EpochSums = { lossSum: 0, correctCount: 0 };
  #trainers = new Set<string>();
  #reassigned = 0;

  constructor(subject: LedgerSubject, sha256: Sha256) {
    this.#subject = subject;
    this.#sha256 = sha256;
    this.#samples = new EpochSamples(subject.plan.batch, subject.seed, sha256);
    this.#seen = new Uint8Array(subject.plan.batch.exampleCount);
    this.#digest = sha256(ledgerOrigin(subject.configurationDigest));
  }

  /** Lines taken and found right. */
  get lines(): number {
    return this.#lines;
  }

  /** Digest of the last line; before the first one, that of the origin. */
  get digest(): string {
    return this.#digest;
  }

  /** Epochs of which every line was taken; each used every example exactly once. */
  get epochs(): readonly EpochSums[] {
    return this.#epochSums;
  }

  /** Trainers named so far, sorted. */
  get trainers(): readonly string[] {
    return [...this.#trainers].sort();
  }

  /** Chunk ranges so far that another trainer had been given before. */
  get reassigned(): number {
    return this.#reassigned;
  }

  /** Takes the next line. What is wrong with it comes back; after that, take no more. */
  take(line: ChainedLine): LedgerProblem | undefined {
    const reason = this.#check(line);
    return reason === undefined ? undefined : { position: this.#lines, reason };
  }

  /** Call it after the last line. */
  finish(end: LedgerEnd): LedgerProblem | undefined {
    const problem = (reason: string): LedgerProblem => ({ position: this.#lines, reason });
    const { finished, steps = totalSteps(this.#subject.plan) } = end;
    const needed = finished === undefined ? end.atLeast : steps;
    if (this.#lines < needed) {
      return problem(`the line is missing: the ledger has ${String(this.#lines)} of ${String(needed)} lines`);
    }
    if (finished === undefined) return undefined;
    if (this.#lines > needed) {
      const reason = `the run ended after ${String(needed)} steps; this line is one too many`;
      return { position: needed, reason };
    }
    if (finished === this.#digest) return undefined;
    const found = `the last line has digest ${this.#digest}, the run's result says ${finished}`;
    return { position: Math.max(0, this.#lines - 1), reason: `${found}: lines were changed and chained anew` };
  }

  #check({ position, text, digest }: ChainedLine): string | undefined {
    const { plan } = this.#subject;
    const expected = this.#lines;
    if (expected >= totalSteps(plan)) return `the run has ${String(totalSteps(plan))} steps; this line is one too many`;
    if (position > expected) return `the line is missing: position ${String(position)} follows`;
    if (position < expected) return `position ${String(position)} comes again or out of turn`;
    const chained = this.#sha256(ledgerLink(this.#digest, text));
    const line = parseLedgerText(text);
    if (line === undefined) return `the text is not that of a line: ${text.slice(0, 120)}`;
    if (chained !== digest) {
      return `the chain is broken: its digest is ${digest}; from its text and the line before follows ${chained}`;
    }
    const endsEpoch = line.step === stepsPerEpoch(plan.batch) - 1;
    const reason =
      this.#checkPlace(line) ?? this.#checkExamples(line) ?? (endsEpoch ? this.#checkCoverage(line) : undefined);
    if (reason !== undefined) return reason;
    this.#count(line, digest);
    if (!endsEpoch) return undefined;
    this.#epochSums.push(this.#sums);
    this.#sums = { lossSum: 0, correctCount: 0 };
    this.#seen.fill(0);
    return undefined;
  }

  #count(line: LedgerLine, digest: string): void {
    this.#digest = digest;
    this.#lines++;
    this.#generation = line.generation;
    this.#sums = {
      lossSum: this.#sums.lossSum + line.lossSum,
      correctCount: this.#sums.correctCount + line.correctCount,
    };
    for (const { trainer, attempt } of line.assignments) {
      this.#trainers.add(trainer);
      if (attempt > 0) this.#reassigned++;
    }
  }

  #checkPlace(line: LedgerLine): string | undefined {
    const { epoch, step } = stepAt(this.#subject.plan, this.#lines);
    if (line.position !== this.#lines) return `the text is that of position ${String(line.position)}`;
    if (line.epoch !== epoch || line.step !== step) {
      const found = `epoch ${String(line.epoch)}, step ${String(line.step)}`;
      return `it says ${found}; position ${String(line.position)} is epoch ${String(epoch)}, step ${String(step)}`;
    }
    if (line.generation < this.#generation) {
      return `generation ${String(line.generation)} follows generation ${String(this.#generation)}`;
    }
    return undefined;
  }

  #checkExamples(line: LedgerLine): string | undefined {
    const { batch } = this.#subject.plan;
    const { first, end } = examplesOfStep(batch, line.step);
    if (line.correctCount > end - first) {
      return `${String(line.correctCount)} of ${String(end - first)} examples cannot be classified correctly`;
    }
    const chunkCount = chunkCountOfStep(batch, line.step);
    let next = 0;
    for (const { trainer, chunks } of line.assignments) {
      const range = `chunks [${String(chunks.first)}, ${String(chunks.end)}) of trainer ${trainer}`;
      if (chunks.first > next) return `chunk ${String(next)} was computed by nobody: ${range} follow`;
      if (chunks.first < next) return `chunk ${String(chunks.first)} was computed twice: ${range}`;
      if (chunks.end <= chunks.first || chunks.end > chunkCount) {
        return `${range} do not lie within the ${String(chunkCount)} chunks of the step`;
      }
      this.#mark(line, chunks);
      next = chunks.end;
    }
    if (next < chunkCount) return `chunk ${String(next)} was computed by nobody`;
    const samplesDigest = this.#samples.digestOf(line.epoch, line.step);
    if (line.samplesDigest === samplesDigest) return undefined;
    return `its examples have digest ${line.samplesDigest}; those of the seed's permutation have ${samplesDigest}`;
  }

  #mark(line: LedgerLine, chunks: ChunkRange): void {
    const order = this.#samples.orderOf(line.epoch);
    const { first, end } = examplesOfChunks(this.#subject.plan.batch, line.step, chunks);
    // Saturates: an example is seen not at all, once, or more often.
    for (let i = first; i < end; i++) {
      const example = order[i] ?? 0;
      this.#seen[example] = Math.min(2, (this.#seen[example] ?? 0) + 1);
    }
  }

  #checkCoverage({ epoch }: LedgerLine): string | undefined {
    const wrong = this.#seen.findIndex((times) => times !== 1);
    if (wrong === -1) return undefined;
    const times = this.#seen[wrong] === 0 ? 'not used' : 'used more than once';
    return `example ${String(wrong)} was ${times} in epoch ${String(epoch + 1)}, which ends here`;
  }
}
