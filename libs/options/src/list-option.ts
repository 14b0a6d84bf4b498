import { optionOf, type Option, type OptionSettings, type Reading } from './option.ts';

/**
 * Any number of values of `item`, separated by commas (`--rates 0.1,0.01`) or by giving the option again.
 *
 * Left out, the value is the default, an empty list unless given. `read` reads the texts of one occurrence.
 */
export function listOption<T>(
  settings: OptionSettings & {
    readonly item: Option<T | undefined>;
    readonly default?: readonly T[];
    readonly required?: true;
  },
): Option<readonly T[]> {
  const { item } = settings;
  const read = (text: string): Reading<readonly T[]> => {
    const values: T[] = [];
    for (const part of text.split(',')) {
      const reading = item.read(part.trim());
      if (!reading.ok) return { ok: false, rule: `a list separated by commas, each ${reading.rule}` };
      if (reading.value !== undefined) values.push(reading.value);
    }
    return { ok: true, value: values };
  };
  const show = (values: readonly T[]): string => values.map((value) => item.show(value)).join(',');
  const placeholder = `${item.placeholder},...`;
  const rule = `a list separated by commas, each ${item.rule}`;
  const { default: fallback = [], ...rest } = settings;
  return optionOf('list', placeholder, rule, { ...rest, default: fallback }, read, show);
}
