/** The digest of everything that decides the bits of a run. */
import { hash } from 'node:crypto';
import type { RunAssignment } from './run-assignment.ts';

/** SHA-256, hexadecimal, over the configuration with its fields in a fixed order; the run's id is no part of it. */
export function configurationDigest(run: RunAssignment): string {
  const { plan, seed, topology, loss, dataSet, optimizer } = run;
  const settings = Object.entries(optimizer.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(
    'sha256',
    JSON.stringify([
      [plan.batch.exampleCount, plan.batch.globalBatch, plan.batch.chunkSize, plan.epochs],
      [seed, topology, loss],
      [dataSet.identity, dataSet.validationSplit],
      [optimizer.name, optimizer.learningRate, settings],
    ]),
    'hex',
  );
}
