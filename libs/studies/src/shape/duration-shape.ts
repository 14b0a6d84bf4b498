import { scalarShape, type Shape } from './shape.ts';

const unitsSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const pattern = '^[0-9]+(\\.[0-9]+)?(s|m|h)$';

/** A length of time with its unit: `90s`, `10m`, `2h`. Reads as seconds. */
export const durationShape: Shape<number> = scalarShape(
  'a time with its unit, such as 90s, 10m or 2h',
  { type: 'string', pattern },
  (value) => {
    if (typeof value !== 'string' || !new RegExp(pattern, 'u').test(value)) return undefined;
    const seconds = Number(value.slice(0, -1)) * (unitsSeconds[value.slice(-1)] ?? 0);
    return seconds > 0 ? seconds : undefined;
  },
);
