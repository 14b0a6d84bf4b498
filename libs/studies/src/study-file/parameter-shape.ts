/**
 * One entry of `space`: a list of values, or a map with a range or values, and the condition under which it counts.
 *
 *     learning-rate: [0.1, 0.01]
 *     momentum: { low: 0.5, high: 0.99, when: { optimizer: [sgd, lars] } }
 */
import type { Condition, Parameter, ParameterValue } from '@weft/tuning';
import type { Setting } from '../settings/setting.ts';
import { settings } from '../settings/settings.ts';
import type { Place, Problems } from '../shape/place.ts';
import { choiceShape, flagShape, scalarShape, type JsonSchema, type Shape } from '../shape/shape.ts';
import { entriesOf, kindShape, listShape, mapShape, type Read } from '../shape/structure-shape.ts';
import { settingShape, type StudyVocabulary } from './setting-shape.ts';

const types = ['float', 'int', 'categorical'] as const;

/** What a parameter of that setting may look like. */
export function parameterShape(setting: Setting, vocabulary: StudyVocabulary): Shape<Parameter> {
  const value = settingShape(setting, vocabulary);
  const values = listShape(value);
  const range = mapShape(rangeFields(value), 'a map with low and high, or with values');
  const shape = kindShape({ list: values, map: range });
  const { name } = setting;
  return {
    rule: `a list of values, or ${range.rule}`,
    schema: shape.schema,
    read: (place, problems) => {
      const read = shape.read(place, problems);
      if (read === undefined) return undefined;
      if (isList(read)) return { kind: 'categorical', name, choices: read };
      return parameterOf(setting, read, place, problems);
    },
  };
}

const isList = (read: readonly ParameterValue[] | object): read is readonly ParameterValue[] => Array.isArray(read);

const rangeFields = (value: Shape<ParameterValue>) => ({
  type: { shape: choiceShape(types), summary: 'Default: that of the setting, or categorical where there are values.' },
  low: { shape: value, summary: 'The least value.' },
  high: { shape: value, summary: 'The greatest value.' },
  log: { shape: flagShape(), summary: 'Draw and compare by the logarithm.' },
  step: { shape: stepShape, summary: 'Only low + k step; not with log.' },
  values: { shape: listShape(value), summary: 'The values to choose from.' },
  when: { shape: conditionShape, summary: 'The parameter counts only where another one has this value.' },
});

const stepShape: Shape<number> = scalarShape(
  'a number greater than 0',
  { type: 'number', exclusiveMinimum: 0 },
  (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined),
);

type RangeRead = Read<ReturnType<typeof rangeFields>>;

/** What the map says, or a problem. */
function parameterOf(setting: Setting, read: RangeRead, place: Place, problems: Problems): Parameter | undefined {
  const problem = problemOf(setting, read);
  if (problem !== undefined) {
    problems.add(place, problem);
    return undefined;
  }
  const { name } = setting;
  const { values, when, step, log = false } = read;
  const condition = when === undefined ? {} : { when };
  if (values !== undefined) return { kind: 'categorical', name, choices: values, ...condition };
  const kind = read.type === 'int' || setting.values.kind === 'int' ? 'int' : 'float';
  const range = { low: Number(read.low), high: Number(read.high), log };
  return { kind, name, ...range, ...(step === undefined ? {} : { step }), ...condition };
}

/** Why the keys do not make a parameter of that setting. */
function problemOf({ name, values: allowed }: Setting, read: RangeRead): string | undefined {
  const { type = allowed.kind, low, high, step, values } = read;
  if (values !== undefined) {
    const others = ['low', 'high', 'log', 'step'].filter((key) => Object.hasOwn(read, key));
    if (others.length > 0) return `has values and ${others.join(', ')}; give values, or a range`;
    return read.type === undefined || read.type === 'categorical' ? undefined : `${type} has values; leave type out`;
  }
  if (allowed.kind !== 'float' && allowed.kind !== 'int') {
    return `has no values; give a list of values, as in \`${name}: [...]\``;
  }
  if (type === 'categorical') return 'a categorical parameter needs values';
  if (type === 'float' && allowed.kind === 'int') return 'float must be int: the setting takes integers';
  if (low === undefined || high === undefined) return 'needs low and high, or values';
  if (type === 'int' && ![low, high, step ?? 1].every(Number.isSafeInteger)) {
    return 'low, high and step of an int must be integers';
  }
  if (Number(low) > Number(high)) return `has low ${String(low)} above its high ${String(high)}`;
  return undefined;
}

const scalarValue: Shape<ParameterValue> = scalarShape(
  'a number, a text, true or false',
  { type: ['number', 'string', 'boolean'] },
  (value) => (['number', 'string', 'boolean'].includes(typeof value) ? (value as ParameterValue) : undefined),
);

const oneOrMore = kindShape({ scalar: scalarValue, list: listShape(scalarValue) });
const conditionRule = 'a map of one parameter to a value or a list of values, such as { optimizer: sgd }';

/** `{ optimizer: sgd }`, `{ optimizer: [sgd, lars] }`. */
const conditionShape: Shape<Condition> = {
  rule: conditionRule,
  schema: {
    ...{ type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: false },
    properties: Object.fromEntries(
      settings.filter(({ varies }) => varies).map(({ name }): [string, JsonSchema] => [name, oneOrMore.schema]),
    ),
  },
  read: (place, problems) => {
    const entries = entriesOf(place, problems, conditionRule);
    if (entries === undefined) return undefined;
    const [first, ...others] = entries;
    if (first === undefined || others.length > 0) {
      problems.add(place, `${String(entries.size)} parameters must be ${conditionRule}`);
      return undefined;
    }
    const values = oneOrMore.read(first[1], problems);
    return values === undefined
      ? undefined
      : { parameter: first[0], values: Array.isArray(values) ? values : [values as ParameterValue] };
  },
};
