/** Schedules of faults, drawn from a seed. */
import { Draws } from '@weft/sim';
import { struckMessages, type Fault } from './fault.ts';

/** Every kind of fault, as often as it is to be drawn. */
const kinds = [
  ...(['kill', 'kill', 'kill', 'kill', 'freeze', 'freeze', 'freeze', 'slow', 'slow', 'leave', 'leave'] as const),
  ...(['partition', 'slow-link', 'cut', 'cut', 'break', 'break', 'break', 'rift', 'rift'] as const),
  ...(['strike', 'strike', 'strike', 'strike', 'strike'] as const),
  ...(['disk', 'crash-at-write', 'crash-at-write', 'damage', 'cancel'] as const),
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
  const peer = `t-${String(draws.integer(0, trainers - 1))}`;
  const machine = draws.chance(0.15) ? 'coordinator' : trainer;
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
      return { kind, atMs, machine, forMs: 0, ...(draws.chance(0.5) ? { peer } : {}) };
    case 'break':
      return { kind, atMs, machine, forMs: 0, nth: draws.integer(1, 12) };
    case 'rift':
      return { kind, atMs, machine: trainer, forMs: draws.magnitude(50, 90_000), peer };
    case 'disk':
      return { kind, atMs, forMs: draws.magnitude(10, 8000), error: draws.pick(['full', 'broken']) };
    case 'strike': {
      const message = draws.pick(struckMessages);
      return {
        kind,
        atMs,
        forMs: draws.magnitude(1, 6000),
        message,
        nth: draws.integer(1, 5),
        silently: draws.chance(0.3),
      };
    }
    case 'damage': {
      const what = draws.pick<'checkpoint' | 'ledger'>(['checkpoint', 'ledger']);
      return { kind, atMs, forMs: draws.magnitude(1, 4000), what };
    }
    case 'crash-at-write': {
      const when = draws.pick<'before' | 'after'>(['before', 'after']);
      return { kind, atMs, forMs: draws.magnitude(1, 4000), nth: draws.integer(1, 6), when };
    }
    case 'cancel':
      return { kind, atMs, forMs: draws.magnitude(1, 4000) };
  }
}
