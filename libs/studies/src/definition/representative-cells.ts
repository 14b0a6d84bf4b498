/** Cells that stand for a whole space when each of its values is to be tried: no pair of ends of two ranges is left out twice. */
import type { Assignment, Parameter, ParameterValue, SearchSpace } from '@weft/tuning';

/** So many combinations of choices are tried; beyond, each choice once beside the first ones of the others. */
const maxCombinations = 1024;

/**
 * All combinations of categorical choices, with every range at its low end and with every range at its high end. Parameters that do
 * not count are left out.
 */
export function representativeCells(space: SearchSpace): Assignment[] {
  const choices = space.filter(({ kind }) => kind === 'categorical');
  const combinations = choices.reduce((count, parameter) => count * endsOf(parameter).length, 1);
  const picks = combinations <= maxCombinations ? allPicks(choices) : singlePicks(choices);
  const cells = picks.flatMap((pick) => [cellOf(space, pick, 0), cellOf(space, pick, 1)]);
  const byText = new Map(cells.map((cell) => [JSON.stringify([...cell]), cell]));
  return [...byText.values()];
}

type Pick = ReadonlyMap<string, ParameterValue>;

function allPicks(choices: SearchSpace): Pick[] {
  return choices.reduce<Pick[]>(
    (picks, parameter) =>
      picks.flatMap((pick) => endsOf(parameter).map((value) => new Map([...pick, [parameter.name, value]]))),
    [new Map()],
  );
}

function singlePicks(choices: SearchSpace): Pick[] {
  const first = new Map(choices.map((parameter) => [parameter.name, endsOf(parameter)[0] ?? '']));
  return choices.flatMap((parameter) => endsOf(parameter).map((value) => new Map([...first, [parameter.name, value]])));
}

function endsOf(parameter: Parameter): readonly ParameterValue[] {
  return parameter.kind === 'categorical' ? parameter.choices : [parameter.low, parameter.high];
}

function cellOf(space: SearchSpace, pick: Pick, end: 0 | 1): Assignment {
  const cell = new Map<string, ParameterValue>();
  for (const parameter of space) {
    const { name, when } = parameter;
    const decisive = when === undefined ? undefined : cell.get(when.parameter);
    if (when !== undefined && (decisive === undefined || !when.values.includes(decisive))) continue;
    const value = pick.get(name) ?? endsOf(parameter)[end];
    if (value !== undefined) cell.set(name, value);
  }
  return cell;
}
