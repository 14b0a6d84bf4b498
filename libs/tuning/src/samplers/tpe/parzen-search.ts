/** Values for some parameters from the densities of good and other cells: the heart of TPE, which CMA-ES uses for what is no number. */
import type { PhiloxStream } from '@weft/core';
import { isActive } from '../../space/active-parameters.ts';
import type { Parameter, ParameterValue, SearchSpace } from '../../space/parameter.ts';
import type { CellObservation } from '../sampler.ts';
import { ageWeights } from './age-weights.ts';
import { coordinateOf, dimensionOf, valueAtCoordinate, type Dimension } from './dimension.ts';
import { divide } from './good-and-other.ts';
import { parameterGroups } from './parameter-groups.ts';
import { ParzenDensity, type Point } from './parzen-density.ts';

export interface ParzenSettings {
  /** Candidates for each group of parameters. */
  readonly candidates: number;
  /** Share of the cells that is good, and most cells that are. */
  readonly goodShare: number;
  readonly mostGood: number;
  readonly priorWeight: number;
  /** Most of the other cells that are looked at: every so many of them. Bounds what a proposal costs. */
  readonly mostOthers: number;
}

interface Model {
  readonly dimensions: readonly Dimension[];
  readonly good: ParzenDensity;
  readonly others: ParzenDensity;
  readonly counts: string;
}

export class ParzenSearch {
  readonly #groups: readonly (readonly Parameter[])[];
  readonly #history: readonly CellObservation[];
  readonly #settings: ParzenSettings;
  /** Made when a group first counts. */
  readonly #models = new Map<readonly Parameter[], Model>();

  /** `parameters` in the order of their space; `history` ascending by cell. */
  constructor(parameters: SearchSpace, history: readonly CellObservation[], settings: ParzenSettings) {
    this.#groups = parameterGroups(parameters);
    this.#history = history;
    this.#settings = settings;
  }

  /**
   * Adds a value for each parameter that counts beside `values`, which has those of all other parameters. Returns how much denser
   * the good cells are there than the others, all groups together, and how many cells the first group was learned from.
   */
  choose(values: Map<string, ParameterValue>, stream: PhiloxStream): { ratio: number; counts: string } {
    let logRatio = 0;
    let firstCounts: string | undefined;
    for (const group of this.#groups) {
      if (group[0] === undefined || !isActive(group[0], values)) continue;
      const { dimensions, good, others, counts } = this.#modelOf(group);
      let best: { readonly point: Point; readonly logRatio: number } | undefined;
      for (let candidate = 0; candidate < this.#settings.candidates; candidate++) {
        const point = good.sample(stream);
        const own = Math.log(good.at(point)) - Math.log(others.at(point));
        if (best === undefined || own > best.logRatio) best = { point, logRatio: own };
      }
      dimensions.forEach((dimension, position) =>
        values.set(dimension.parameter.name, valueAtCoordinate(dimension, best?.point[position] ?? 0)),
      );
      logRatio += best?.logRatio ?? 0;
      firstCounts ??= counts;
    }
    return { ratio: Math.exp(logRatio), counts: firstCounts ?? 'no cells' };
  }

  #modelOf(group: readonly Parameter[]): Model {
    const known = this.#models.get(group);
    if (known !== undefined) return known;
    const { goodShare, mostGood, mostOthers, priorWeight } = this.#settings;
    const dimensions = group.map(dimensionOf);
    const first = group[0]?.name ?? '';
    const relevant = this.#history.filter(({ assignment }) => assignment.has(first));
    const { good, others } = divide(relevant, goodShare, mostGood);
    const kept = thinned(others, mostOthers);
    const model = {
      dimensions,
      good: densityOf(dimensions, good, (count) => Array.from({ length: count }, () => 1), priorWeight),
      others: densityOf(dimensions, kept, ageWeights, priorWeight),
      counts: `${String(good.length)} good and ${String(others.length)} other cells`,
    };
    this.#models.set(group, model);
    return model;
  }
}

/** Points that lack a coordinate, of cells from another space, are left out. */
function densityOf(
  dimensions: readonly Dimension[],
  cells: readonly CellObservation[],
  weights: (count: number) => readonly number[],
  priorWeight: number,
): ParzenDensity {
  const points = cells.flatMap(({ assignment }): Point[] => {
    const point = dimensions.map((dimension) => {
      const value = assignment.get(dimension.parameter.name);
      return value === undefined ? undefined : coordinateOf(dimension, value);
    });
    const complete = point.filter((coordinate) => coordinate !== undefined);
    return complete.length === dimensions.length ? [complete] : [];
  });
  return new ParzenDensity(dimensions, points, weights(points.length), priorWeight);
}

/** At most `most` of the cells, evenly from the oldest to the latest. */
function thinned(cells: readonly CellObservation[], most: number): readonly CellObservation[] {
  if (cells.length <= most) return cells;
  return cells.filter(
    (_, position) => Math.floor(((position + 1) * most) / cells.length) > Math.floor((position * most) / cells.length),
  );
}
