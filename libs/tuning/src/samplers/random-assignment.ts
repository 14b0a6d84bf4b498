import { assign } from '../space/active-parameters.ts';
import type { Assignment } from '../space/parameter.ts';
import { valueAtUnit } from '../space/unit-interval.ts';
import { proposalStream } from './proposal-stream.ts';
import type { ProposalRequest } from './sampler.ts';

/** A value for each parameter that counts, uniform on its axis. Draws with different `attempt`, below 2^16, are independent. */
export function randomAssignment(request: Pick<ProposalRequest, 'space' | 'seed' | 'cell'>, attempt = 0): Assignment {
  const stream = proposalStream(request, 'random', attempt);
  return assign(request.space, (parameter) => valueAtUnit(parameter, stream.uniform53()));
}
