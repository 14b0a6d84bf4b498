/**
 * How fast each trainer is of late: means over its last reports, so that one odd second decides nothing.
 *
 * Time passes here only as far as reports tell of it.
 */
import type { TrainerId } from '../id.ts';
import { elapsedSeconds, sumTimes, type StepTimes } from './step-times.ts';

/** What is known of a trainer's last steps. */
export interface Pace {
  /** Means, a step. */
  readonly chunks: number;
  readonly dataSeconds: number;
  readonly computeSeconds: number;
  readonly reduceSeconds: number;
  readonly waitSeconds: number;
  /** To the coordinator and back; 0 where it is not known. */
  readonly roundTripMs: number;
  /** Whether there is enough of it to decide something. */
  readonly settled: boolean;
}

/** Reports that count, of each trainer. */
const reportsKept = 5;
/** Reports and seconds that make a decision. */
const reportsNeeded = 3;
const secondsNeeded = 2;
/** A trainer that computes nothing is forgotten after so many seconds: it may be fast again, and is given work to see. */
const idleSecondsKept = 30;

interface Track {
  reports: readonly StepTimes[];
  roundTripMs: number;
  idleSeconds: number;
  /** Seconds that it reported since the work was divided. */
  dividedSeconds: number;
  /** Whether the work was divided anew after these reports. */
  stale: boolean;
}

export class Paces {
  readonly #tracks = new Map<TrainerId, Track>();

  /** Takes a report. */
  measured(trainer: TrainerId, times: StepTimes, roundTripMs: number): void {
    const track = this.#tracks.get(trainer);
    const seconds = elapsedSeconds(times);
    const idleSeconds = times.chunks > 0 ? 0 : (track?.idleSeconds ?? 0) + seconds;
    const before = track === undefined || idleSeconds > idleSecondsKept ? [] : track.reports;
    // Without chunks there is nothing to tell how long they take: what is known stays.
    const keeps = times.chunks === 0 && before.length > 0;
    const reports = keeps ? before : [...(track?.stale === true ? [] : before), times].slice(-reportsKept);
    this.#tracks.set(trainer, {
      reports,
      roundTripMs,
      idleSeconds,
      dividedSeconds: (track?.dividedSeconds ?? 0) + seconds,
      stale: keeps && track?.stale === true,
    });
  }

  /** What is known of `trainer`, or nothing where it has not reported. */
  of(trainer: TrainerId): Pace | undefined {
    const track = this.#tracks.get(trainer);
    if (track === undefined) return undefined;
    const sum = sumTimes(track.reports);
    if (sum.steps === 0) return undefined;
    return {
      chunks: sum.chunks / sum.steps,
      dataSeconds: sum.dataSeconds / sum.steps,
      computeSeconds: sum.computeSeconds / sum.steps,
      reduceSeconds: sum.reduceSeconds / sum.steps,
      waitSeconds: sum.waitSeconds / sum.steps,
      roundTripMs: track.roundTripMs,
      settled: track.reports.length >= reportsNeeded && elapsedSeconds(sum) >= secondsNeeded,
    };
  }

  /** Seconds for gathering and computing one chunk, where that is settled. */
  secondsPerChunk(trainer: TrainerId): number | undefined {
    const pace = this.of(trainer);
    if (pace === undefined || !pace.settled || pace.chunks === 0) return undefined;
    return (pace.dataSeconds + pace.computeSeconds) / pace.chunks;
  }

  /** To the coordinator and back; 0 where it is not known. */
  roundTripMs(trainer: TrainerId): number {
    return this.#tracks.get(trainer)?.roundTripMs ?? 0;
  }

  /** Seconds that `trainer` has reported since the work was divided the last time. */
  secondsSinceDivision(trainer: TrainerId): number {
    return this.#tracks.get(trainer)?.dividedSeconds ?? 0;
  }

  /** The work was divided anew: means begin again with the next report. */
  divided(): void {
    for (const track of this.#tracks.values()) {
      track.stale = true;
      track.dividedSeconds = 0;
    }
  }

  forget(trainer: TrainerId): void {
    this.#tracks.delete(trainer);
  }
}
