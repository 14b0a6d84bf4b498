/** Random schedules of faults: what happens to whom at which position of a run. A schedule follows from its seed alone. */
import { PhiloxStream } from '@weft/core';

/** What can happen to a trainer: `cut` resets its connections, `leave` is SIGTERM, `restart` is the coordinator's turn. */
export type FaultKind = 'kill' | 'freeze' | 'slow' | 'join' | 'cut' | 'leave' | 'restart';

/** One fault. */
export interface Fault {
  /** Steps committed when it comes, as a share of all steps of the run. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Which of the trainers then attached it hits: counted from here, modulo their number. */
  readonly victim: number;
  /** How long a freeze or a slowness lasts. */
  readonly durationMs: number;
  /** Share of the time in which a slow trainer stands still. */
  readonly stopped: number;
  /** Whether another trainer joins where one was killed or has left. */
  readonly replaced: boolean;
}

/** What one draw in so many is. Kills, freezes, slowness and joins are most of it. */
const weights: readonly (readonly [FaultKind, number])[] = [
  ['kill', 7],
  ['freeze', 6],
  ['slow', 3],
  ['join', 4],
  ['cut', 2],
  ['leave', 2],
  ['restart', 1],
];
const bag: readonly FaultKind[] = weights.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
const maxFaults = 4;
/** The last tenth of a run is left alone, so that faults come while it goes on. */
const lastShare = 0.9;

/** One to four faults in the order in which they come. `heartbeatTimeoutMs` decides what a long freeze is: longer than that. */
export function drawSchedule(seed: number, heartbeatTimeoutMs: number): Fault[] {
  const stream = new PhiloxStream(seed, 'study');
  const faults = Array.from({ length: 1 + stream.below(maxFaults) }, (): Fault => {
    const kind = bag[stream.below(bag.length)] ?? 'kill';
    const at = stream.uniform() * lastShare;
    const isLong = stream.below(2) === 1;
    const part = stream.uniform();
    const freezeMs = isLong ? heartbeatTimeoutMs * (1.2 + part * 0.4) : heartbeatTimeoutMs * part * 0.6;
    return {
      at,
      kind,
      victim: stream.below(1 << 16),
      durationMs: Math.round(kind === 'slow' ? 200 + part * 800 : freezeMs),
      stopped: 0.3 + stream.uniform() * 0.5,
      replaced: stream.below(2) === 1,
    };
  });
  return faults.sort((a, b) => a.at - b.at);
}

/** A schedule in one line: `kill 17 at 0.32, freeze 3 at 0.51 for 480 ms`. */
export function describeSchedule(faults: readonly Fault[]): string {
  return faults
    .map(({ kind, at, victim, durationMs, replaced }) => {
      const whom = kind === 'join' || kind === 'restart' ? '' : ` ${String(victim % 100)}`;
      const long = kind === 'freeze' || kind === 'slow' ? ` for ${String(durationMs)} ms` : '';
      const then = (kind === 'kill' || kind === 'leave') && replaced ? ', replaced' : '';
      return `${kind}${whom} at ${at.toFixed(2)}${long}${then}`;
    })
    .join('; ');
}
