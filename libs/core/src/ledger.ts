/**
 * One line for each committed step of a run. Lines are chained: the digest of a line covers the digest of the line before,
 * so that nothing can be taken out, put in or changed without a trace.
 */
import type { ChunkRange } from './reduction-tree.ts';

/** What one committed step was. */
export interface LedgerLine {
  /** Steps committed before this one. */
  readonly position: number;
  /** From 0. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly step: number;
  readonly generation: number;
  /** Which trainer computed which chunks. */
  readonly assignments: readonly { readonly trainer: string; readonly chunks: ChunkRange }[];
  /** Sum of the losses of the step's examples. */
  readonly lossSum: number;
  readonly correctCount: number;
  /** SHA-256 of the mean contribution (little-endian float32), hexadecimal. */
  readonly gradientDigest: string;
}

/** The digest that stands before the first line of a run. */
export const ledgerOrigin: string = '0'.repeat(64);

/** The canonical text of a line: JSON with a fixed order of fields. */
export function ledgerText(line: LedgerLine): string {
  return JSON.stringify([
    line.position,
    line.epoch,
    line.step,
    line.generation,
    line.assignments.map(({ trainer, chunks }) => [trainer, chunks.first, chunks.end]),
    line.lossSum,
    line.correctCount,
    line.gradientDigest,
  ]);
}

/** The text whose SHA-256 is the digest of a line, given the digest of the line before it. */
export function ledgerLink(previousDigest: string, lineText: string): string {
  return `${previousDigest}\n${lineText}`;
}
