/**
 * One line for each committed step of a run: who computed what, when, and what came out. The format is in docs/ledger.md.
 */
import type { ChunkRange } from '../reduction-tree.ts';

/** Chunks of a step that one trainer computed. */
export interface LedgerAssignment {
  readonly trainer: string;
  readonly chunks: ChunkRange;
  /** How often these chunks were taken from a lost trainer before: 0 where the first that had them computed them. */
  readonly attempt: number;
}

/** What one committed step was. */
export interface LedgerLine {
  /** Steps committed before this one. */
  readonly position: number;
  /** From 0. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly step: number;
  readonly generation: number;
  /** In the order of chunks; together they are all chunks of the step, each once. */
  readonly assignments: readonly LedgerAssignment[];
  /** SHA-256 of the numbers of the step's examples in the order of the epoch (little-endian uint32), hexadecimal. */
  readonly samplesDigest: string;
  /** Sum of the losses of the step's examples. */
  readonly lossSum: number;
  readonly correctCount: number;
  /** Digest of the mean contribution, hexadecimal. */
  readonly gradientDigest: string;
}

/** The canonical text of a line: JSON with a fixed order of fields. */
export function ledgerText(line: LedgerLine): string {
  return JSON.stringify([
    line.position,
    line.epoch,
    line.step,
    line.generation,
    line.assignments.map(({ trainer, chunks, attempt }) => [trainer, chunks.first, chunks.end, attempt]),
    line.samplesDigest,
    line.lossSum,
    line.correctCount,
    line.gradientDigest,
  ]);
}

/** The line that `text` is the canonical text of, or `undefined`: one character more or less, and it is none. */
export function parseLedgerText(text: string): LedgerLine | undefined {
  const fields = parseArray(text);
  if (fields?.length !== 9) return undefined;
  const [position, epoch, step, generation, given, samplesDigest, lossSum, correctCount, gradientDigest] = fields;
  if (!isCount(position) || !isCount(epoch) || !isCount(step) || !isCount(generation)) return undefined;
  if (!isDigest(samplesDigest) || !isFiniteNumber(lossSum) || !isCount(correctCount) || !isDigest(gradientDigest)) {
    return undefined;
  }
  const assignments = Array.isArray(given) ? given.map(parseAssignment) : [undefined];
  const sound = assignments.filter((assignment) => assignment !== undefined);
  const line: LedgerLine = {
    ...{ position, epoch, step, generation, assignments: sound },
    ...{ samplesDigest, lossSum, correctCount, gradientDigest },
  };
  return sound.length === assignments.length && ledgerText(line) === text ? line : undefined;
}

function parseAssignment(value: unknown): LedgerAssignment | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [trainer, first, end, attempt] = value as unknown[];
  if (typeof trainer !== 'string' || !isCount(first) || !isCount(end) || !isCount(attempt)) return undefined;
  return { trainer, chunks: { first, end }, attempt };
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
