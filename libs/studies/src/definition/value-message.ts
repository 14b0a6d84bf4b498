/** Values of parameters, and assignments, on the wire. */
import {
  create,
  ParameterValueSchema,
  SettingSchema,
  type ParameterValue as ValueMessage,
  type Setting as SettingMessage,
} from '@weft/wire';
import type { Assignment, ParameterValue } from '@weft/tuning';

export function valueMessage(value: ParameterValue): ValueMessage {
  if (typeof value === 'number') return create(ParameterValueSchema, { value: { case: 'number', value } });
  if (typeof value === 'string') return create(ParameterValueSchema, { value: { case: 'text', value } });
  return create(ParameterValueSchema, { value: { case: 'flag', value } });
}

/** The value of a message; one without a value is the empty text, which no setting takes. */
export function valueOf({ value }: ValueMessage): ParameterValue {
  return value.value ?? '';
}

/** An assignment as the settings of a trial, in its order. */
export function settingMessages(assignment: Assignment): SettingMessage[] {
  return [...assignment].map(([name, value]) => create(SettingSchema, { name, value: valueMessage(value) }));
}

/** The settings of a trial as an assignment. */
export function assignmentOf(settings: readonly SettingMessage[]): Assignment {
  return new Map(settings.map(({ name, value }) => [name, value === undefined ? '' : valueOf(value)]));
}
