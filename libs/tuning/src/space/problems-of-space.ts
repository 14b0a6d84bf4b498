/** What is wrong with a search space. Everything else in this package takes a space without problems for granted. */
import { hasValue, valueCount } from './parameter-values.ts';
import type {
  CategoricalParameter,
  Condition,
  FloatParameter,
  IntParameter,
  Parameter,
  SearchSpace,
} from './parameter.ts';

/** All problems of a space, in its order, each with parameter, value and rule; none if it can be searched. */
export function problemsOfSpace(space: SearchSpace): string[] {
  const earlier = new Map<string, Parameter>();
  return space.flatMap((parameter, position) => {
    const { name, when } = parameter;
    const problems = name.trim() === '' ? [`parameter ${String(position + 1)} has no name`] : [];
    if (earlier.has(name)) problems.push(`"${name}" is the name of two parameters; names must differ`);
    problems.push(
      ...(parameter.kind === 'categorical' ? problemsOfChoices(parameter) : problemsOfRange(parameter)),
      ...(when === undefined ? [] : problemsOfCondition(name, when, earlier, space)),
    );
    if (!earlier.has(name)) earlier.set(name, parameter);
    return problems;
  });
}

function problemsOfChoices({ name, choices }: CategoricalParameter): string[] {
  if (choices.length === 0) return [`"${name}" has no choices; it needs at least one`];
  return choices.flatMap((choice, position) => {
    if (typeof choice === 'number' && !Number.isFinite(choice))
      return [`"${name}" has the choice ${String(choice)}, which is no finite number`];
    return choices.indexOf(choice) < position
      ? [`"${name}" has the choice ${JSON.stringify(choice)} twice; choices must differ`]
      : [];
  });
}

function problemsOfRange(parameter: FloatParameter | IntParameter): string[] {
  const { name, kind, low, high, step, log } = parameter;
  const problems: string[] = [];
  const isNumber = kind === 'int' ? Number.isSafeInteger : Number.isFinite;
  const number = kind === 'int' ? 'integer' : 'finite number';
  for (const [what, value] of Object.entries({ low, high }))
    if (!isNumber(value)) problems.push(`"${name}" has ${what} ${String(value)}, which is no ${number}`);
  if (problems.length > 0) return problems;
  if (low > high) problems.push(`"${name}" has low ${String(low)} above its high ${String(high)}`);
  if (!Number.isFinite(high - low)) problems.push(`"${name}" has a range that is too wide for a number`);
  if (log && low <= 0) problems.push(`"${name}" has low ${String(low)}; with log it must be above 0`);
  if (step === undefined) return problems;
  if (log) problems.push(`"${name}" has both log and step ${String(step)}; it can have one of them`);
  if (!isNumber(step) || step <= 0)
    problems.push(`"${name}" has step ${String(step)}; it must be a positive ${number}`);
  else if (low < high && valueCount(parameter) === 1)
    problems.push(
      `"${name}" has step ${String(step)}, which is wider than its range ${String(low)} to ${String(high)}`,
    );
  return problems;
}

function problemsOfCondition(
  name: string,
  { parameter, values }: Condition,
  earlier: ReadonlyMap<string, Parameter>,
  space: SearchSpace,
): string[] {
  const decisive = earlier.get(parameter);
  if (decisive === undefined) {
    const later = space.some((other) => other.name === parameter);
    const rule = later ? 'which does not come before it' : 'which is no parameter of the space';
    return [`"${name}" counts only where "${parameter}" has a value, ${rule}`];
  }
  if (valueCount(decisive) === Number.POSITIVE_INFINITY)
    return [
      `"${name}" depends on a value of "${parameter}", a float without step; it needs a parameter whose values can be counted`,
    ];
  if (values.length === 0) return [`"${name}" counts for no value of "${parameter}"; name at least one`];
  return values.flatMap((value, position) => {
    if (!hasValue(decisive, value))
      return [`"${name}" counts where "${parameter}" is ${JSON.stringify(value)}, a value that it cannot have`];
    return values.indexOf(value) < position
      ? [`"${name}" names the value ${JSON.stringify(value)} of "${parameter}" twice`]
      : [];
  });
}
