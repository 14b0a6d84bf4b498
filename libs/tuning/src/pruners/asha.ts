import type { Pruner } from './pruner.ts';
import { isRung, judgeAtRung, type HalvingSettings } from './successive-halving.ts';

/** Asynchronous successive halving over all trials of the study: see `successive-halving.ts`. */
export function ashaPruner(settings: HalvingSettings): Pruner {
  return {
    name: 'asha',
    decidesAfter: (epoch) => isRung(epoch, settings),
    groupOf: () => 0,
    judge: (request) => judgeAtRung(request, settings),
  };
}
