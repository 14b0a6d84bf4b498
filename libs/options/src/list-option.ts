import { optionOf, type Option, type OptionSettings, type Reading } from './option.ts';

/**
 * Any number of values of `item`, separated by commas (`--rates 0.1,0.01`) or by giving the option again.
 *
 * Left out, the value is the default, an empty list unless given. `read` reads the texts of one occurrence. With `whole` each
 * occurrence is one value, with whatever commas it has: for operands that are paths.
 */
export function listOption<T>(
  settings: OptionSettings & {
    readonly item: Option<T | undefined>;
    readonly default?: readonly T[];
    readonly required?: true;
    readonly whole?: true;
  },
): Option<readonly T[]> {
  const { item, whole = false } = settings;
  const rule = whole ? item.rule : `a list separated by commas, each ${item.rule}`;
  const read = (text: string): Reading<readonly T[]> => {
    const values: T[] = [];
    for (const part of whole ? [text] : text.split(',')) {
      const reading = item.read(whole ? part : part.trim());
      if (!reading.ok)
        return { ok: false, rule: whole ? reading.rule : `a list separated by commas, each ${reading.rule}` };
      if (reading.value !== undefined) values.push(reading.value);
    }
    return { ok: true, value: values };
  };
  const show = (values: readonly T[]): string => values.map((value) => item.show(value)).join(',');
  const placeholder = whole ? item.placeholder : `${item.placeholder},...`;
  const { default: fallback = [], ...rest } = settings;
  return optionOf('list', placeholder, rule, { ...rest, default: fallback }, read, show);
}
