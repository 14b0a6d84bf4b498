/**
 * Cluster, queue and feed of a coordinator, tied together. Everything that touches the world comes in: store, checkpoints, clock.
 * The services at its edge, and what they listen on, are tied to it in `coordinator.ts`.
 */
import type { Clock, WeftError } from '@weft/core';

import type { RunStore } from '@weft/store';
import type { CoordinatorMetrics, CoordinatorSources, Logger, TrainerPace } from '@weft/telemetry';
import { Cluster, type ClusterSettings } from './cluster/cluster.ts';
import type { RunContext } from './run/run-context.ts';
import { RunFeed } from './run/run-feed.ts';
import { RunQueue } from './run/run-queue.ts';
import type { ReductionOrder } from './run/step-reduction.ts';
import { writesInTurn } from './run/writes-in-turn.ts';

/** What a coordinator works with. */
export interface CoordinatorParts {
  readonly settings: ClusterSettings & { readonly reduction: ReductionOrder };
  readonly store: RunStore;
  readonly checkpoints: RunContext['checkpoints'];
  readonly metrics: (sources: CoordinatorSources) => CoordinatorMetrics;
  readonly log: Logger;
  readonly clock: Clock;
  /** Seconds since 1970. */
  readonly wallSeconds: () => number;
  /** Told the error after which the coordinator cannot go on and must be stopped. */
  readonly fail: (error: WeftError) => void;
}

/** A coordinator without its edge. */
export interface AssembledCoordinator {
  readonly queue: RunQueue;
  readonly cluster: Cluster;
  readonly feed: RunFeed;
  /** Begins to watch trainers and to work on runs. */
  readonly start: () => void;
  /** Ends watches and streams; runs under way can be resumed from their checkpoints. */
  readonly stop: (reason: string) => void;
}

/** Ties a coordinator together. Nothing happens before `start`. */
export function assembleCoordinator(parts: CoordinatorParts): AssembledCoordinator {
  const { settings, store, log, clock } = parts;
  const feed = new RunFeed();
  const nowMs = (): number => clock.nowMs();
  let transfers = 1n;
  let stopping = false;
  let cancelSweep = (): void => undefined;
  const metrics = parts.metrics({
    trainers: () => cluster.states(),
    heartbeatAges: () => cluster.heartbeatAgesSeconds(),
    paces: () => pacesOf(cluster),
    runs: () => queue.countByState(),
  });
  const queue: RunQueue = new RunQueue(
    {
      fail: parts.fail,
      store,
      feed,
      log,
      nowMs,
      soon: (action) => {
        clock.soon(action);
      },
      later: (delayMs, action) => clock.after(delayMs, action),
      wallSeconds: parts.wallSeconds,
      reduction: settings.reduction,
      metrics,
      link: (trainer) => cluster.find(trainer)?.link,
      nextTransfer: () => transfers++,
      checkpoints: writesInTurn(parts.checkpoints),
    },
    () => cluster,
  );
  const cluster: Cluster = new Cluster(settings, log, nowMs, (trainer, change) => {
    if (change === 'lost' && !stopping) metrics.trainerLost();
    if (change !== 'attached') queue.forget(trainer);
    queue.place();
  });
  return {
    queue,
    cluster,
    feed,
    start: () => {
      cancelSweep = clock.every(Math.max(50, settings.heartbeatTimeoutMs / 10), () => {
        cluster.dropSilent();
      });
      queue.place();
    },
    stop: (reason) => {
      stopping = true;
      queue.stop();
      cancelSweep();
      feed.endAll();
      cluster.endAll(reason);
    },
  };
}

function pacesOf(cluster: Cluster): Map<string, TrainerPace> {
  const paces = [...cluster.paces()].map(([trainer, pace]) => {
    const { dataSeconds: data, computeSeconds: compute, reduceSeconds: reduce, waitSeconds: wait, share } = pace;
    return [trainer, { seconds: { data, compute, reduce, wait }, share, slow: pace.slow !== undefined }] as const;
  });
  return new Map(paces);
}
