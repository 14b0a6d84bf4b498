import { entriesOf, kindShape, mapShape } from '../shape/structure-shape.ts';
import { choiceShape, scalarShape, type Shape } from '../shape/shape.ts';
import type { MethodChoice } from './study-file.ts';

/** Flags count as 1 and 0. */
const methodValue: Shape<number> = scalarShape('a number, true or false', { type: ['number', 'boolean'] }, (value) => {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
});

const methodSettings: Shape<Record<string, number>> = {
  rule: 'a map of settings to numbers',
  schema: { type: 'object', additionalProperties: methodValue.schema },
  read: (place, problems) => {
    const entries = entriesOf(place, problems, 'a map of settings to numbers');
    if (entries === undefined) return undefined;
    const before = problems.count;
    const values: Record<string, number> = {};
    for (const [name, place] of entries) {
      const value = methodValue.read(place, problems);
      if (value !== undefined) values[name] = value;
    }
    return problems.count === before ? values : undefined;
  },
};

/** A sampler or a pruner: its name, or a map with its name and its settings. */
export function methodShape(names: readonly string[]): Shape<MethodChoice> {
  const name = choiceShape(names);
  const map = mapShape(
    {
      name: { shape: name, summary: 'Which one.', required: true },
      settings: { shape: methodSettings, summary: 'Those that differ from their defaults.' },
    },
    'a map with name and settings',
  );
  const shape = kindShape({ scalar: name, map });
  return {
    ...shape,
    read: (place, problems) => {
      const read = shape.read(place, problems);
      if (read === undefined) return undefined;
      return typeof read === 'string'
        ? { name: read, settings: {} }
        : { name: read.name ?? '', settings: read.settings ?? {} };
    },
  };
}
