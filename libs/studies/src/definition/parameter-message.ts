/** Parameters on the wire, and as search knows them. */
import { create, ParameterSchema, type MessageInitShape, type Parameter as ParameterMessage } from '@weft/wire';
import type { Condition, Parameter, SearchSpace } from '@weft/tuning';
import { valueMessage, valueOf } from './value-message.ts';

type RangeInit = NonNullable<MessageInitShape<typeof ParameterSchema>['range']>;

/** A parameter as a message. */
export function parameterMessage(parameter: Parameter): ParameterMessage {
  const { name, when } = parameter;
  const condition =
    when === undefined ? {} : { when: { parameter: when.parameter, values: when.values.map(valueMessage) } };
  return create(ParameterSchema, { name, range: rangeMessage(parameter), ...condition });
}

function rangeMessage(parameter: Parameter): RangeInit {
  switch (parameter.kind) {
    case 'categorical':
      return { case: 'choices', value: { values: parameter.choices.map(valueMessage) } };
    case 'float': {
      const { low, high, log, step = 0 } = parameter;
      return { case: 'floatRange', value: { low, high, log, step } };
    }
    case 'int': {
      const { low, high, log, step = 0 } = parameter;
      return { case: 'intRange', value: { low: BigInt(low), high: BigInt(high), log, step: BigInt(step) } };
    }
  }
}

/** The parameter of a message. One without a range becomes one without choices, which `problemsOfSpace` refuses. */
export function parameterOf({ name, range, when }: ParameterMessage): Parameter {
  const condition: { when?: Condition } =
    when === undefined ? {} : { when: { parameter: when.parameter, values: when.values.map(valueOf) } };
  switch (range.case) {
    case 'floatRange': {
      const { low, high, log, step } = range.value;
      return { kind: 'float', name, low, high, log, ...(step === 0 ? {} : { step }), ...condition };
    }
    case 'intRange': {
      const { low, high, log, step } = range.value;
      const numbers = { low: Number(low), high: Number(high), log, ...(step === 0n ? {} : { step: Number(step) }) };
      return { kind: 'int', name, ...numbers, ...condition };
    }
    case 'choices':
      return { kind: 'categorical', name, choices: range.value.values.map(valueOf), ...condition };
    case undefined:
      return { kind: 'categorical', name, choices: [], ...condition };
  }
}

/** The space of a definition's parameters, in their order. */
export function spaceOf(definition: { readonly parameters: readonly ParameterMessage[] }): SearchSpace {
  return definition.parameters.map(parameterOf);
}
