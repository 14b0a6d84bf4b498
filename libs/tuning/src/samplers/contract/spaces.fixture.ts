/** Search spaces for tests: named ones, and arbitrary ones. */
import fc from 'fast-check';
import { valueAt, valueCount } from '../../space/parameter-values.ts';
import type { Parameter, SearchSpace } from '../../space/parameter.ts';

/** One of each shape that a sampler may stumble over. */
export const spaces: Readonly<Record<string, SearchSpace>> = {
  'one float': [{ name: 'learning_rate', kind: 'float', low: 1e-5, high: 1, log: true }],
  'one integer': [{ name: 'units', kind: 'int', low: 1, high: 300, log: true }],
  'conditional parameters': [
    { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam', 'rmsprop'] },
    { name: 'learning_rate', kind: 'float', low: 1e-5, high: 1, log: true },
    {
      name: 'momentum',
      kind: 'float',
      low: 0,
      high: 0.99,
      log: false,
      when: { parameter: 'optimizer', values: ['sgd'] },
    },
    {
      name: 'nesterov',
      kind: 'categorical',
      choices: [true, false],
      when: { parameter: 'optimizer', values: ['sgd'] },
    },
    { name: 'lookahead', kind: 'int', low: 1, high: 9, log: false, when: { parameter: 'nesterov', values: [true] } },
  ],
  steps: [
    { name: 'dropout', kind: 'float', low: 0, high: 0.9, log: false, step: 0.1 },
    { name: 'units', kind: 'int', low: 16, high: 512, log: false, step: 16 },
  ],
  'only choices': [
    { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam', 'rmsprop', 'nadam'] },
    { name: 'batch', kind: 'categorical', choices: [32, 64, 128, 256, 1024, 54_000] },
    { name: 'model', kind: 'categorical', choices: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
  ],
  'single values': [
    { name: 'model', kind: 'categorical', choices: ['initial-nn'] },
    { name: 'epochs', kind: 'int', low: 5, high: 5, log: false },
    { name: 'decay', kind: 'float', low: 0.25, high: 0.25, log: true },
    { name: 'learning_rate', kind: 'float', low: 0.001, high: 0.1, log: false },
  ],
};

/** A parameter with few values that can be counted. */
const countableParameter: fc.Arbitrary<(name: string) => Parameter> = fc.oneof(
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.boolean(), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 4 })
    .map((choices) => (name: string): Parameter => ({ name, kind: 'categorical', choices })),
  fc
    .record({ low: fc.integer({ min: 1, max: 50 }), width: fc.nat(4), log: fc.boolean() })
    .map(({ low, width, log }) => (name: string): Parameter => ({ name, kind: 'int', low, high: low + width, log })),
  fc
    .record({ low: fc.integer({ min: -20, max: 20 }), count: fc.nat(3), step: fc.constantFrom(0.1, 0.25, 3, 1e-7) })
    .map(({ low, count, step }) => (name: string): Parameter => {
      const high = low + count * step;
      return { name, kind: 'float', low, high, log: false, ...(count > 0 ? { step } : {}) };
    }),
);

/** Spaces of up to five countable parameters, about half of them with a condition. */
export const countableSpaces: fc.Arbitrary<SearchSpace> = fc
  .array(fc.tuple(countableParameter, fc.option(fc.tuple(fc.nat(), fc.uniqueArray(fc.nat(3), { minLength: 1 })))), {
    maxLength: 5,
  })
  .map((shapes) => {
    const space: Parameter[] = [];
    shapes.forEach(([make, condition], position) => {
      const parameter = make(`p${String(position)}`);
      const decisive = condition === null ? undefined : space[condition[0] % Math.max(1, position)];
      if (decisive === undefined || condition === null) space.push(parameter);
      else {
        const count = valueCount(decisive);
        const ordinals = new Set(condition[1].map((ordinal) => ordinal % count));
        const values = [...ordinals].map((ordinal) => valueAt(decisive, ordinal));
        space.push({ ...parameter, when: { parameter: decisive.name, values } });
      }
    });
    return space;
  });
