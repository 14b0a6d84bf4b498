/** Whether an assignment fits a space: for assignments that a person wrote or that come from elsewhere. */
import { isActive } from './active-parameters.ts';
import { hasValue } from './parameter-values.ts';
import type { Assignment, SearchSpace } from './parameter.ts';

/** All problems of an assignment, each with parameter, value and rule; none if it is a cell of the space. */
export function problemsOfAssignment(space: SearchSpace, assignment: Assignment): string[] {
  const names = new Set(space.map(({ name }) => name));
  const unknown = [...assignment.keys()].filter((name) => !names.has(name));
  return [
    ...unknown.map((name) => `"${name}" is no parameter of the space`),
    ...space.flatMap((parameter) => {
      const { name } = parameter;
      const value = assignment.get(name);
      if (!isActive(parameter, assignment))
        return value === undefined ? [] : [`"${name}" has the value ${JSON.stringify(value)}, but does not count here`];
      if (value === undefined) return [`"${name}" has no value`];
      return hasValue(parameter, value) ? [] : [`"${name}" cannot be ${JSON.stringify(value)}`];
    }),
  ];
}
