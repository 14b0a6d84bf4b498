/** What a run's driver needs from the coordinator around it. */
import type { RunId, TrainerId, WeftError } from '@weft/core';
import type { CoordinatorMetrics, Logger } from '@weft/telemetry';
import type { TrainerLink } from '../cluster/trainer-link.ts';
import type { RunStore } from '@weft/store';
import type { EpochResult } from '@weft/wire';
import type { RunFeed } from './run-feed.ts';
import type { RunIdentity } from './run-observer.ts';
import type { ReductionOrder } from './step-reduction.ts';
import type { UsageBook } from './usage-book.ts';
import type { WorkloadSpeeds } from './workload-speeds.ts';

export interface RunContext {
  readonly store: RunStore;
  readonly checkpoints: {
    read(run: RunId, position: number): Promise<Uint8Array>;
    /** Gives the file's path. */
    write(run: RunId, position: number, bytes: Uint8Array): Promise<string>;
  };
  readonly feed: RunFeed;
  readonly metrics: CoordinatorMetrics;
  readonly log: Logger;
  readonly reduction: ReductionOrder;
  readonly speeds: WorkloadSpeeds;
  readonly usage: UsageBook;
  /** The trainer, while it is attached. */
  link(trainer: TrainerId): TrainerLink | undefined;
  /** A number for a transfer, greater than all before. */
  nextTransfer(): bigint;
  /** Milliseconds of a monotonic clock. */
  nowMs(): number;
  /** Calls `action` in the next turn of the event loop: what is being sent is on its way by then. */
  soon(action: () => void): void;
  /** Calls `action` once, `delayMs` from now, unless what it returns is called before. */
  later(delayMs: number, action: () => void): () => void;
  /** Seconds since 1970. */
  wallSeconds(): number;
  /** Ends the coordinator: it cannot keep what it must. Another one, or this one started again, goes on from the store. */
  fail(error: WeftError): void;
  /** Attached trainers that the run has not got, and that could be given to it, now or when other runs need them no more. */
  couldJoin(run: RunId): number;
  /** The run has let this trainer go, and has told it. */
  trainerReleased(run: RunId, trainer: TrainerId): void;
  /** Something was measured that nothing was known of. */
  speedMeasured(): void;
  /** The store has the result of an epoch. */
  epochEnded(run: RunIdentity, epoch: EpochResult): void;
  /** The file of the checkpoint that trainers wait for cannot be used: the run must go back further. */
  checkpointLost(run: RunId, position: number, error: WeftError): void;
  /** The store has the end of the run; its trainers are told next. */
  runEnded(run: RunId): void;
}
