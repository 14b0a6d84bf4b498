import { formatCount, shortDigest } from '../output/format.ts';
import type { ModelFormat } from './model-files.ts';

/** What was exported. */
export interface ExportFacts {
  readonly runId: string;
  readonly model: string;
  readonly position: number;
  readonly totalSteps: number;
  readonly weightsDigest: string;
  readonly format: ModelFormat;
  readonly path: string;
  readonly bytes: number;
}

/** One line for people: what, of which run and how far it was, where to. */
export function exportLine({
  runId,
  model,
  position,
  totalSteps,
  weightsDigest,
  format,
  path,
  bytes,
}: ExportFacts): string {
  const steps = `step ${formatCount(position)} of ${formatCount(totalSteps)}, weights ${shortDigest(weightsDigest)}`;
  return `${model} of run ${runId} (${steps}) is in ${path}: ${format}, ${formatCount(bytes)} bytes`;
}
