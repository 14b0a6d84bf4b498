/** An attached trainer as people and programs are shown it. */
import type { Trainer } from '@weft/wire';
import type { Column } from '../output/table.ts';

/** Where the time of a trainer's steps goes, in seconds a step, by the mean of its last ones. */
export interface TrainerTimesFigures {
  readonly dataSeconds: number;
  readonly computeSeconds: number;
  readonly reduceSeconds: number;
  readonly waitSeconds: number;
  readonly chunks: number;
  /** Of the chunks of a step, 0 to 1. */
  readonly share: number;
  readonly roundTripMs: number;
  /** Why it is slow; null where it is not. */
  readonly slow: string | null;
}

/** One trainer. */
export interface TrainerStatus {
  readonly trainerId: string;
  readonly engineFingerprint: string;
  readonly httpAddress: string;
  /** Empty where it is idle. */
  readonly runId: string;
  /** null where none were measured. */
  readonly times: TrainerTimesFigures | null;
}

/** What the coordinator told of a trainer. */
export function trainerStatus({ trainerId, engineFingerprint, httpAddress, runId, times }: Trainer): TrainerStatus {
  const trainer = { trainerId, engineFingerprint, httpAddress, runId };
  if (times === undefined) return { ...trainer, times: null };
  const { dataSeconds, computeSeconds, reduceSeconds, waitSeconds, chunks, share, roundTripMs, slow } = times;
  const seconds = { dataSeconds, computeSeconds, reduceSeconds, waitSeconds };
  return { ...trainer, times: { ...seconds, chunks, share, roundTripMs, slow: slow === '' ? null : slow } };
}

/** The columns of `trainerRow`. */
export const trainerColumns: readonly Column[] = [
  ...[{ title: 'trainer' }, { title: 'works on' }],
  ...(['share', 'data', 'compute', 'reduce', 'wait', 'round trip'] as const).map((title) => ({
    title,
    align: 'right' as const,
  })),
  ...[{ title: 'metrics' }, { title: 'engine' }],
];

/** A trainer as a row of a table: times are those of a step. */
export function trainerRow({ trainerId, runId, httpAddress, engineFingerprint, times }: TrainerStatus): string[] {
  const phases =
    times === null
      ? new Array<string>(6).fill('-')
      : [
          `${String(Math.round(times.share * 100))} %`,
          ...[times.dataSeconds, times.computeSeconds, times.reduceSeconds, times.waitSeconds].map(duration),
          times.roundTripMs === 0 ? '-' : duration(times.roundTripMs / 1000),
        ];
  return [
    trainerId,
    runId === '' ? 'nothing' : runId,
    ...phases,
    httpAddress === '' ? '-' : httpAddress,
    engineFingerprint,
  ];
}

/** `0.08 ms`, `12.3 ms`, `1.25 s`. */
function duration(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  const ms = seconds * 1000;
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`;
}
