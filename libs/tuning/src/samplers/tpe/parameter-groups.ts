import type { Parameter, SearchSpace } from '../../space/parameter.ts';

/**
 * The parameters that always count together, because they have the same condition: groups in the order of their first
 * parameters, each in the order of the space. What decides whether a group counts is in an earlier group.
 */
export function parameterGroups(space: SearchSpace): Parameter[][] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of space) {
    const { when } = parameter;
    const condition =
      when === undefined
        ? ''
        : JSON.stringify([when.parameter, when.values.map((value) => JSON.stringify(value)).sort()]);
    groups.set(condition, [...(groups.get(condition) ?? []), parameter]);
  }
  return [...groups.values()];
}
