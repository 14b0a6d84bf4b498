/** How fast trainers do what kind of work, by measurement: for whoever decides how many a run should have. */
import type { RunConfiguration } from '@weft/wire';
import { hash } from 'node:crypto';

/** Weight of the newest measurement in the mean. */
const weight = 0.3;

export class WorkloadSpeeds {
  readonly #speeds = new Map<string, Map<number, number>>();

  /** Examples a second, by workload and number of trainers: exponential means. */
  get all(): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return this.#speeds;
  }

  /** So many trainers did so many examples a second. Tells whether nothing was known of it before. */
  measured(workload: string, worldSize: number, examplesPerSecond: number): boolean {
    const known = this.#speeds.get(workload) ?? new Map<number, number>();
    this.#speeds.set(workload, known);
    const before = known.get(worldSize);
    known.set(worldSize, before === undefined ? examplesPerSecond : before + weight * (examplesPerSecond - before));
    return before === undefined;
  }
}

/** Configurations with the same one have steps that take the same time. */
export function workloadOf({ model, optimizer, batchSize, chunkSize }: RunConfiguration): string {
  const parts = [model?.topologyJson, model?.batchNormalization, optimizer?.name, batchSize, chunkSize];
  return hash('sha256', JSON.stringify(parts), 'hex');
}
