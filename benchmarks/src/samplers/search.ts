import type { CellObservation, Sampler } from '@weft/tuning';
import { observed, type KnownFunction } from './known-functions.ts';

/**
 * The loss, without noise, of the cell that looked best to a study of `budget` cells. With `parallel` cells at a time a proposal
 * sees the last `parallel` - 1 cells still running.
 */
export function searchedLoss(
  sampler: Sampler,
  known: KnownFunction,
  { seed, budget, parallel }: { readonly seed: number; readonly budget: number; readonly parallel: number },
): number {
  const history: CellObservation[] = [];
  let best = { seen: Number.POSITIVE_INFINITY, loss: Number.POSITIVE_INFINITY };
  for (let cell = 0; cell < budget; cell++) {
    const ended = cell - parallel;
    const before = history[ended];
    if (before !== undefined)
      history[ended] = { ...before, state: 'complete', loss: observed(known, before.assignment, seed) };
    const proposal = sampler.propose({ space: known.space, seed, cell, history });
    if (proposal.kind === 'exhausted') break;
    history.push({ cell, assignment: proposal.assignment, state: 'running' });
    const seen = observed(known, proposal.assignment, seed);
    if (seen < best.seen) best = { seen, loss: known.loss(proposal.assignment) };
  }
  return best.loss;
}
