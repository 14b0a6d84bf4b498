import type { PhiloxStream } from '@weft/core';
import type { CellObservation } from '../samplers/sampler.ts';
import { ordinalOf } from '../space/parameter-values.ts';
import type { Parameter, SearchSpace } from '../space/parameter.ts';
import { unitRange } from '../space/unit-interval.ts';

/** A cell that has a result. */
export interface Response {
  /**
   * For each parameter of the space where the cell lies on its axis: in [0, 1], or, of a categorical one, the ordinal of the
   * choice; NaN where the parameter does not count.
   */
  readonly place: readonly number[];
  /** From 0, the best of all, to 1, the worst. */
  readonly loss: number;
}

/**
 * The cells that say something about the whole of a training. One that diverged counts as the worst of those that did not, so
 * that parameters that decide about divergence matter; one that was pruned is left out: its loss is from an earlier epoch.
 */
export function responsesOf(space: SearchSpace, observations: readonly CellObservation[]): Response[] {
  const complete = observations.flatMap(({ state, loss }) =>
    state === 'complete' && loss !== undefined && Number.isFinite(loss) ? [loss] : [],
  );
  const [best, worst] = [least(complete), -least(complete.map((loss) => -loss))];
  if (complete.length === 0) return [];
  return observations.flatMap(({ assignment, state, loss = Number.NaN }) => {
    if (state !== 'complete' && state !== 'diverged') return [];
    const place = space.map((parameter) => placeOf(parameter, assignment.get(parameter.name)));
    if (state === 'diverged' || !Number.isFinite(loss)) return [{ place, loss: 1 }];
    return [{ place, loss: worst > best ? scale(loss, best, worst) : 0 }];
  });
}

/** Halved first, so that the widest range does not overflow. */
function scale(loss: number, best: number, worst: number): number {
  return (loss / 2 - best / 2) / (worst / 2 - best / 2);
}

function least(losses: readonly number[]): number {
  return losses.reduce((lowest, loss) => Math.min(lowest, loss), Number.POSITIVE_INFINITY);
}

/** As many draws as there are responses, but no more than `most`, each of any of them. */
export function drawResponses(responses: readonly Response[], most: number, stream: PhiloxStream): Response[] {
  const count = Math.min(most, responses.length);
  return Array.from({ length: count }, () => responses[stream.below(responses.length)]).filter(
    (response) => response !== undefined,
  );
}

function placeOf(parameter: Parameter, value: string | number | boolean | undefined): number {
  if (value === undefined) return Number.NaN;
  if (parameter.kind === 'categorical') return ordinalOf(parameter, value) ?? Number.NaN;
  const range = unitRange(parameter, value);
  return range === undefined ? Number.NaN : (range.low + range.high) / 2;
}
