/** One run under one schedule: what came out, what was injected, and how long it took. Bounded: a run that hangs is an error. */
import { RunState, TransportSetting, type Run } from '@weft/wire';
import { describe, submit } from '../harness/followed-run.ts';
import type { ConfigurationInit } from '../harness/run-configuration.ts';
import type { StandingCluster } from '../harness/standing-cluster.ts';
import { Injector } from './injector.ts';
import type { Fault } from './schedule.ts';

/** How partials travel. */
export type Transport = 'star' | 'direct';

/** What a run is made under. */
export interface FaultyRun {
  readonly configuration: ConfigurationInit;
  /** How many trainers there are when it starts. */
  readonly trainers: number;
  readonly transport: Transport;
  readonly faults: readonly Fault[];
  /** It must have ended by then. */
  readonly limitMs: number;
}

/** What a run gave. */
export interface RunOutcome {
  /** Of the final parameters. */
  readonly digest: string;
  /** All that the promise covers, as one text: the parameters after every epoch and at the end, and the final figures. */
  readonly result: string;
  /** Faults that came before the run had ended, each with its victim. */
  readonly fired: readonly string[];
  /** Smallest and largest number of trainers that were seen at work. */
  readonly worldSizes: readonly [number, number];
  readonly generations: number;
  readonly durationMs: number;
}

const pollIntervalMs = 3;

/** Submits the run to a cluster that `settle` has brought to `trainers`, injects the faults, and waits for its end. */
export async function trainUnderFaults(cluster: StandingCluster, asked: FaultyRun): Promise<RunOutcome> {
  const startedMs = performance.now();
  const { configuration, trainers, faults } = asked;
  const injector = new Injector(cluster, trainers);
  const runId = await submit(cluster.coordinator, configuration, trainers, '', transportSetting(asked.transport));
  const pending = [...faults];
  const fired: string[] = [];
  let least = Infinity;
  let most = 0;
  try {
    for (;;) {
      const run = await describe(cluster.coordinator, runId);
      if (run.worldSize > 0) {
        least = Math.min(least, run.worldSize);
        most = Math.max(most, run.worldSize);
      }
      const elapsedMs = performance.now() - startedMs;
      if (isOver(run)) {
        const { digest, result } = resultOf(run);
        const generations = Number(run.generation);
        return { digest, result, fired, worldSizes: [least, most], generations, durationMs: Math.round(elapsedMs) };
      }
      if (elapsedMs > asked.limitMs) {
        throw new Error(`after ${String(asked.limitMs)} ms at position ${String(run.position)}: ${run.reason}`);
      }
      const next = pending[0];
      if (next !== undefined && most > 0 && Number(run.position) >= next.at * Number(run.totalSteps)) {
        pending.shift();
        fired.push(await injector.inject(next));
      } else await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
    }
  } finally {
    injector.stop();
  }
}

/** A transport as a run is submitted with it. */
export function transportSetting(transport: Transport): TransportSetting {
  return transport === 'star' ? TransportSetting.STAR : TransportSetting.DIRECT;
}

/** Whether the run has ended, in whatever way. */
export function isOver({ state }: Run): boolean {
  return state !== RunState.QUEUED && state !== RunState.RUNNING;
}

/** The final digest, and all that the promise covers as one text. Throws where the run has not finished. */
export function resultOf({ state, reason, result, epochs }: Run): { readonly digest: string; readonly result: string } {
  if (state !== RunState.FINISHED || result === undefined)
    throw new Error(`ended in state ${String(state)}: ${reason}`);
  const { weightsDigest, testLoss, testAccuracy } = result;
  const figures = epochs.map((epoch) => [epoch.weightsDigest, epoch.validationLoss, epoch.validationAccuracy]);
  return { digest: weightsDigest, result: JSON.stringify([figures, weightsDigest, testLoss, testAccuracy]) };
}
