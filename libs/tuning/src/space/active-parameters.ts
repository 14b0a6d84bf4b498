/** Which parameters count, given the values of those before them. */
import type { Assignment, Parameter, ParameterValue, SearchSpace } from './parameter.ts';

/** Whether a parameter counts beside `values`, in which the parameter that its condition names has its value already. */
export function isActive(parameter: Parameter, values: Assignment): boolean {
  if (parameter.when === undefined) return true;
  const decisive = values.get(parameter.when.parameter);
  return decisive !== undefined && parameter.when.values.includes(decisive);
}

/** The parameters that count in an assignment, in the order of the space. */
export function activeParameters(space: SearchSpace, assignment: Assignment): Parameter[] {
  return space.filter((parameter) => isActive(parameter, assignment));
}

/** Gives a value to each parameter that counts: `choose` is asked in the order of the space, with the parameter's position there. */
export function assign(
  space: SearchSpace,
  choose: (parameter: Parameter, position: number) => ParameterValue,
): Assignment {
  const values = new Map<string, ParameterValue>();
  space.forEach((parameter, position) => {
    if (isActive(parameter, values)) values.set(parameter.name, choose(parameter, position));
  });
  return values;
}
