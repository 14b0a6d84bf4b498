/** Schedules of faults, drawn from a seed. */
import { Draws } from '@weft/sim';
import type { Fault } from './fault.ts';

/** Every kind of fault, as often as it is to be drawn. */
const kinds = [
  ...(['kill', 'kill', 'kill', 'freeze', 'freeze', 'slow', 'leave', 'partition', 'slow-link', 'cut'] as const),
  ...(['disk', 'crash-at-write', 'crash-at-write', 'cancel'] as const),
] as const;

/** Part of the seed's draws; see `Draws`. */
const faultPart = 3;

/** The faults of `seed` within the first `horizonMs`; few seeds have none. */
export function drawFaults(seed: number, trainers: number, horizonMs: number): Fault[] {
  const draws = new Draws(seed, faultPart);
  const count = draws.chance(0.1) ? 0 : draws.integer(1, 5 + Math.min(trainers, 9));
  return Array.from({ length: count }, () => drawFault(draws, trainers, horizonMs));
}

function drawFault(draws: Draws, trainers: number, horizonMs: number): Fault {
  const kind = draws.pick(kinds);
  const atMs = draws.between(0, horizonMs);
  const trainer = `t-${String(draws.integer(0, trainers - 1))}`;
  const machine = draws.chance(0.25) ? 'coordinator' : trainer;
  switch (kind) {
    case 'kill':
      return { kind, atMs, machine, forMs: draws.magnitude(1, 6000), silently: draws.chance(0.3) };
    case 'freeze':
      return { kind, atMs, machine, forMs: draws.magnitude(50, 12_000) };
    case 'slow':
      return { kind, atMs, machine: trainer, forMs: draws.magnitude(100, 8000), factor: draws.magnitude(1.5, 30) };
    case 'leave':
      return { kind, atMs, machine: trainer, forMs: draws.magnitude(1, 6000) };
    case 'partition': {
      const [inward, outward] = draws.pick([
        [true, true],
        [true, false],
        [false, true],
      ]);
      return { kind, atMs, machine, forMs: draws.magnitude(50, 15_000), inward, outward };
    }
    case 'slow-link':
      return { kind, atMs, machine, forMs: draws.magnitude(100, 8000), factor: draws.magnitude(2, 50) };
    case 'cut':
      return { kind, atMs, machine, forMs: 0 };
    case 'disk':
      return { kind, atMs, forMs: draws.magnitude(10, 8000), error: draws.pick(['full', 'broken']) };
    case 'crash-at-write': {
      const when = draws.pick<'before' | 'after'>(['before', 'after']);
      return { kind, atMs, forMs: draws.magnitude(1, 4000), nth: draws.integer(1, 6), when };
    }
    case 'cancel':
      return { kind, atMs, forMs: draws.magnitude(1, 4000) };
  }
}
