import type { Assignment } from '@weft/tuning';

/** `learning-rate 0.01, optimizer sgd` in the order of the space, for people; `the only cell` for the empty one. */
export function describeAssignment(assignment: Assignment): string {
  if (assignment.size === 0) return 'the only cell';
  return [...assignment].map(([name, value]) => `${name} ${shortValue(value)}`).join(', ');
}

/** Numbers with at most six significant digits: `0.000316228`. */
function shortValue(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}
