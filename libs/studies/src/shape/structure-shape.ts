/** Shapes of lists and maps, and the choice between a scalar, a list and a map. */
import { isMap, isScalar, isSeq } from 'yaml';
import { placeOf, shownValue, type Place, type Problems } from './place.ts';
import { didYouMean, type JsonSchema, type Shape } from './shape.ts';

/** A list of at least one item. Places of its items are `path[0]`, `path[1]`. */
export function listShape<T>(item: Shape<T>, rule = `a list, each ${item.rule}`): Shape<readonly T[]> {
  return {
    rule,
    schema: { type: 'array', items: item.schema, minItems: 1 },
    read: (place, problems) => {
      if (!isSeq(place.node) || place.node.items.length === 0) {
        const shown = isSeq(place.node) ? 'an empty list' : shownValue(place);
        problems.add(place, `${shown} must be ${rule}`);
        return undefined;
      }
      const values = place.node.items.map((node, index) => {
        const path = `${place.path}[${String(index)}]`;
        return item.read(placeOf(problems.document, node, path, place.offset), problems);
      });
      return values.includes(undefined) ? undefined : (values as T[]);
    },
  };
}

/** One key of a map. */
export interface Field<T> {
  readonly shape: Shape<T>;
  /** One line for editors. */
  readonly summary: string;
  readonly required?: boolean;
}

type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a map with these keys reads as; `places` has the place of every key that is there. */
export type Read<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never;
};

/** A map with known keys. Keys that are unknown, given twice or missing are reported; so is a value without its key. */
export function mapShape<const F extends Fields>(fields: F, rule = 'a map'): Shape<Read<F>> {
  const required = Object.keys(fields).filter((key) => fields[key]?.required === true);
  return {
    rule,
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(fields).map(([key, { shape, summary }]) => [key, described(shape.schema, summary)]),
      ),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    read: (place, problems) => {
      const entries = entriesOf(place, problems, rule);
      if (entries === undefined) return undefined;
      const before = problems.count;
      const values: Record<string, unknown> = {};
      for (const [key, value] of entries) {
        const field = fields[key];
        if (field === undefined) {
          const known = Object.keys(fields);
          const nearest = didYouMean(key, known);
          const hint = nearest === '' ? `; there are ${known.join(', ')}` : nearest;
          problems.add({ path: value.path, offset: value.keyOffset }, `there is no such key${hint}`);
        } else {
          values[key] = field.shape.read(value, problems);
        }
      }
      const keys = new Set(entries.keys());
      for (const key of required) {
        if (keys.has(key)) continue;
        const path = place.path === '' ? key : `${place.path}.${key}`;
        problems.add({ path, offset: place.offset }, `is missing; give ${fields[key]?.shape.rule ?? 'a value'}`);
      }
      // Each value was read by the shape that gives the key its type.
      return problems.count === before ? (values as Read<F>) : undefined;
    },
  };
}

/** A value of a map, and where its key stands. */
export interface KeyedPlace extends Place {
  readonly keyOffset: number;
}

/** The entries of a map by key, duplicates reported and left out; `undefined` and a problem where it is no map. */
export function entriesOf(place: Place, problems: Problems, rule: string): Map<string, KeyedPlace> | undefined {
  if (!isMap(place.node)) {
    problems.add(place, `${shownValue(place)} must be ${rule}`);
    return undefined;
  }
  const entries = new Map<string, KeyedPlace>();
  for (const { key, value } of place.node.items) {
    const keyPlace = placeOf(problems.document, key, place.path, place.offset);
    const name = isScalar(keyPlace.node) ? String(keyPlace.node.value) : '';
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const { offset } = keyPlace;
    const first = entries.get(name);
    if (first === undefined) {
      entries.set(name, { ...placeOf(problems.document, value, path, offset), keyOffset: offset });
    } else {
      const line = String(problems.lineOf({ offset: first.keyOffset }));
      problems.add({ path, offset }, `is given twice, first in line ${line}`);
    }
  }
  return entries;
}

/** What may stand there by its kind. At least one is given; others are problems. */
export function kindShape<S = never, L = never, M = never>(kinds: {
  readonly scalar?: Shape<S>;
  readonly list?: Shape<L>;
  readonly map?: Shape<M>;
}): Shape<S | L | M> {
  const given = [kinds.scalar, kinds.list, kinds.map].filter((shape) => shape !== undefined);
  const rule = given.map((shape) => shape.rule).join(', or ');
  return {
    rule,
    schema: { anyOf: given.map(({ schema }) => schema) },
    read: (place, problems) => {
      const { scalar, list, map } = kinds;
      const shape = isMap(place.node) ? map : isSeq(place.node) ? list : scalar;
      if (shape !== undefined) return shape.read(place, problems);
      problems.add(place, `${shownValue(place)} must be ${rule}`);
      return undefined;
    },
  };
}

/** A schema with a line for editors. */
function described(schema: JsonSchema, description: string): JsonSchema {
  return { description, ...schema };
}
