/** The text of an assignment, for hashes, keys, logs and messages. */
import type { Assignment } from './parameter.ts';

const plainName = /^[\w.-]+$/;

/**
 * `learning_rate=0.01, optimizer="sgd"`: names ascending by code unit, values as JSON, names in quotes where they are not
 * plain words. Equal assignments have equal texts, in whatever order their values were set; others differ.
 */
export function assignmentText(assignment: Assignment): string {
  return [...assignment]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${plainName.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`)
    .join(', ');
}
