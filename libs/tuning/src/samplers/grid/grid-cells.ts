/**
 * The cells of a grid, numbered without listing them.
 *
 * Which later parameters count depends only on which conditions the earlier values meet, so the number of ways to go on is the
 * same for all values that meet the same conditions. Counting by such classes is fast for ranges of a million integers, and
 * a parameter that does not count adds no cells: no two cells are equal.
 */
import { valueAt, valueCount, ordinalOf } from '../../space/parameter-values.ts';
import type { Assignment, Parameter, ParameterValue, SearchSpace } from '../../space/parameter.ts';

/** Of each parameter whether it counts; `undefined` while the value that decides it is not chosen. */
type Activity = readonly (boolean | undefined)[];

/** A parameter with the values that later conditions name, and where those conditions are. */
interface Level {
  readonly parameter: Parameter;
  readonly count: number;
  /** Ascending; every other value of the parameter meets no condition. */
  readonly named: readonly number[];
  readonly dependents: readonly { readonly position: number; readonly ordinals: ReadonlySet<number> }[];
}

/** The grid over all values of a space. The last parameter varies fastest. */
export class GridCells {
  /** Number of cells; `Infinity` where a float without step counts in any. Above 2^53 it is rounded. */
  readonly size: number;
  readonly #levels: readonly Level[];
  readonly #start: Activity;
  readonly #counts = new Map<string, number>();

  constructor(space: SearchSpace) {
    this.#levels = space.map((parameter) => levelOf(parameter, space));
    this.#start = space.map(({ when }) => (when === undefined ? true : undefined));
    this.size = this.#count(0, this.#start);
  }

  /** The cell with the number `index`, in [0, size). The size must be finite. */
  at(index: number): Assignment {
    const values = new Map<string, ParameterValue>();
    let activity = this.#start;
    let rest = index;
    this.#levels.forEach((level, position) => {
      const ordinal = activity[position] === true ? this.#locate(position, activity, rest) : undefined;
      if (ordinal !== undefined) {
        values.set(level.parameter.name, valueAt(level.parameter, ordinal.ordinal));
        rest = ordinal.rest;
      }
      activity = after(level, activity, ordinal?.ordinal);
    });
    return values;
  }

  /** The value within which cell `index` of those from `position` on lies, and its number among the cells of that value. */
  #locate(position: number, activity: Activity, index: number): { ordinal: number; rest: number } {
    const level = this.#levels[position] as Level; // Positions are those of the levels.
    const plain = this.#count(position + 1, after(level, activity, -1));
    let rest = index;
    let next = 0;
    for (const ordinal of level.named) {
      const before = (ordinal - next) * plain;
      if (rest < before) break;
      rest -= before;
      const cells = this.#count(position + 1, after(level, activity, ordinal));
      if (rest < cells) return { ordinal, rest };
      rest -= cells;
      next = ordinal + 1;
    }
    return { ordinal: next + Math.floor(rest / plain), rest: rest % plain };
  }

  /** Ways to give values to the parameters from `position` on. */
  #count(position: number, activity: Activity): number {
    const level = this.#levels[position];
    if (level === undefined) return 1;
    const key = `${String(position)}:${activity.slice(position).map(Number).join()}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    let count: number;
    if (activity[position] === true) {
      const others = level.count - level.named.length;
      count = others === 0 ? 0 : others * this.#count(position + 1, after(level, activity, -1));
      for (const ordinal of level.named) count += this.#count(position + 1, after(level, activity, ordinal));
    } else count = this.#count(position + 1, after(level, activity, undefined));
    this.#counts.set(key, count);
    return count;
  }
}

function levelOf(parameter: Parameter, space: SearchSpace): Level {
  const dependents = space.flatMap(({ when }, position) => {
    if (when?.parameter !== parameter.name) return [];
    const ordinals = when.values.map((value) => ordinalOf(parameter, value)).filter((ordinal) => ordinal !== undefined);
    return [{ position, ordinals: new Set(ordinals) }];
  });
  const named = [...new Set(dependents.flatMap(({ ordinals }) => [...ordinals]))].sort((a, b) => a - b);
  return { parameter, count: valueCount(parameter), named, dependents };
}

/** What counts once the parameter of `level` has the value `ordinal` (-1: one that no condition names), or does not count. */
function after(level: Level, activity: Activity, ordinal: number | undefined): Activity {
  if (level.dependents.length === 0) return activity;
  const next = [...activity];
  for (const { position, ordinals } of level.dependents)
    next[position] = ordinal !== undefined && ordinals.has(ordinal);
  return next;
}
