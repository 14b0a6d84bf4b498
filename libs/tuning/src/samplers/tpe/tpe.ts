/**
 * Tree-structured Parzen estimators: proposes where good cells lie densely and others do not.
 *
 * After Bergstra et al., "Algorithms for hyper-parameter optimization" (NIPS 2011) and "Making a science of model search" (ICML
 * 2013), with the choices of Optuna's TPESampler (multivariate, grouped, constant liar): candidates are drawn from l, the density of
 * good cells, and the one with the greatest l / g is proposed, where g is the density of the others. Parameters
 * that count together are modelled together, each group from the cells in which it counts.
 */
import { isActive } from '../../space/active-parameters.ts';
import type { Assignment, ParameterValue, SearchSpace } from '../../space/parameter.ts';
import { freshCell } from '../fresh-cell.ts';
import { proposalStream } from '../proposal-stream.ts';
import { randomAssignment } from '../random-assignment.ts';
import type { CellObservation, ProposalRequest, Sampler } from '../sampler.ts';
import { inOrder, standingOf } from '../standing.ts';
import { ageWeights } from './age-weights.ts';
import { coordinateOf, dimensionOf, valueAtCoordinate, type Dimension } from './dimension.ts';
import { divide } from './good-and-other.ts';
import { parameterGroups } from './parameter-groups.ts';
import { ParzenDensity, type Point } from './parzen-density.ts';

export interface TpeSettings {
  /** Cells that must have ended before anything is learned from them; until then cells are drawn at random. */
  readonly startup: number;
  /** Candidates for each group of parameters. */
  readonly candidates: number;
  /** Share of the cells that is good, and most cells that are. */
  readonly goodShare: number;
  readonly mostGood: number;
  readonly priorWeight: number;
  /** Most of the other cells that are looked at: every so many of them. Bounds what a proposal costs. */
  readonly mostOthers: number;
}

/** Tries again this often, with other candidates, where the best was proposed before. */
const attempts = 8;

interface Model {
  readonly dimensions: readonly Dimension[];
  readonly good: ParzenDensity;
  readonly others: ParzenDensity;
  readonly counts: string;
}

export function tpeSampler(settings: TpeSettings): Sampler {
  return {
    name: 'tpe',
    learns: true,
    propose: (request) => {
      const known = request.history.reduce((sum, cell) => sum + (standingOf(cell) === undefined ? 0 : 1), 0);
      if (known < settings.startup) {
        const reason = `drawn at random: ${String(known)} of ${String(settings.startup)} cells to learn from have ended`;
        return freshCell(request, () => ({ assignment: randomAssignment(request), reason }));
      }
      const history = inOrder(request.history);
      const groups = parameterGroups(request.space);
      // Most groups are asked for once; a space may have many that do not count.
      const models = new Map<number, Model>();
      const modelOf = (group: number): Model => {
        const model = models.get(group) ?? modelFrom((groups[group] ?? []).map(dimensionOf), history, settings);
        models.set(group, model);
        return model;
      };
      return freshCell(request, (attempt) => draw(request, groups, modelOf, attempt, settings.candidates), attempts);
    },
  };
}

/** The densities of the good cells and of the others, over the cells in which all dimensions have a value. */
function modelFrom(
  dimensions: readonly Dimension[],
  history: readonly CellObservation[],
  settings: TpeSettings,
): Model {
  const first = dimensions[0]?.parameter.name;
  const relevant = history.filter(({ assignment }) => first !== undefined && assignment.has(first));
  const { good, others } = divide(relevant, settings.goodShare, settings.mostGood);
  const kept = thinned(others, settings.mostOthers);
  return {
    dimensions,
    good: densityOf(dimensions, good, (count) => Array.from({ length: count }, () => 1), settings.priorWeight),
    others: densityOf(dimensions, kept, ageWeights, settings.priorWeight),
    counts: `${String(good.length)} good and ${String(others.length)} other cells`,
  };
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

function draw(
  request: ProposalRequest,
  groups: readonly SearchSpace[],
  modelOf: (group: number) => Model,
  attempt: number,
  candidates: number,
): { assignment: Assignment; reason: string } {
  const stream = proposalStream(request, 'tpe', attempt);
  const values = new Map<string, ParameterValue>();
  let logRatio = 0;
  let counts: string | undefined;
  groups.forEach((group, ordinal) => {
    if (group[0] === undefined || !isActive(group[0], values)) return;
    const { dimensions, good, others, counts: groupCounts } = modelOf(ordinal);
    let best: { point: Point; ratio: number } | undefined;
    for (let candidate = 0; candidate < candidates; candidate++) {
      const point = good.sample(stream);
      const ratio = Math.log(good.at(point)) - Math.log(others.at(point));
      if (best === undefined || ratio > best.ratio) best = { point, ratio };
    }
    dimensions.forEach((dimension, position) =>
      values.set(dimension.parameter.name, valueAtCoordinate(dimension, best?.point[position] ?? 0)),
    );
    logRatio += best?.ratio ?? 0;
    counts ??= groupCounts;
  });
  const ordered = request.space.flatMap(({ name }): [string, ParameterValue][] => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const ratio = Math.exp(logRatio).toPrecision(3);
  return {
    assignment: new Map(ordered),
    reason: `best of ${String(candidates)} candidates: ${ratio} times as dense among ${counts ?? 'no cells'}`,
  };
}
