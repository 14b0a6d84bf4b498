import process from 'node:process';
import { PhiloxStream } from '@weft/core';
import { createSampler, type CellObservation, type Sampler, type SearchSpace } from '@weft/tuning';

/**
 * Milliseconds of processor time of `times` proposals, each for a study with a history of `cells` cells, drawn at random and with random losses; in
 * a new order of objects each time, so that nothing is remembered from one to the next.
 */
export function proposalMs(sampler: Sampler, space: SearchSpace, cells: number, times: number): number[] {
  const random = createSampler('random');
  const losses = new PhiloxStream(1, 'simulation');
  const history: CellObservation[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const proposal = random.propose({ space, seed: 1, cell, history: [] });
    if (proposal.kind === 'cell')
      history.push({ cell, assignment: proposal.assignment, state: 'complete', loss: losses.uniform53() });
  }
  return Array.from({ length: times }, () => {
    const request = { space, seed: 1, cell: cells, history: history.map((cell) => ({ ...cell })) };
    const started = process.cpuUsage();
    sampler.propose(request);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
}
