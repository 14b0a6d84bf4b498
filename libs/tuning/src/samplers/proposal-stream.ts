/** The random numbers of samplers: no state lives between proposals, so a proposal can be made again at any time. */
import { PhiloxStream } from '@weft/core';
import type { ProposalRequest } from './sampler.ts';

/** What a stream is for, in the upper half of its last coordinate; others who draw for a study have 0x4000 and above. */
const uses = { random: 1, walk: 2, tpe: 3, cmaes: 4, digits: 5, restart: 6 } as const;

/** The stream for one use of one proposal. `ordinal`, below 2^16, separates attempts or parameters. */
export function proposalStream(
  { seed, cell }: Pick<ProposalRequest, 'seed' | 'cell'>,
  use: keyof typeof uses,
  ordinal = 0,
): PhiloxStream {
  return new PhiloxStream(seed, 'study', cell, uses[use] * 0x1_0000 + ordinal);
}
