import { nearestName } from '@weft/core';
import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

/** The rule of a text that may be anything. */
export const plainTextRule: string = 'a non-empty text';

/** What `stringOption` takes beside what every builder does. */
export interface TextSettings extends OptionSettings {
  /** Which texts are accepted, and how a message calls them. */
  readonly accept?: { readonly test: (text: string) => boolean; readonly rule: string };
  /** Names that are accepted, among others: a text that is not is answered with the nearest of them. */
  readonly suggest?: readonly string[];
}

/** Any text that is not empty, or only those that `accept` admits. */
export function stringOption(settings: TextSettings & Settled<string>): Option<string>;
export function stringOption(settings: TextSettings): Option<string | undefined>;
export function stringOption(settings: TextSettings & MaybeSettled<string>): Option<string> {
  const rule = settings.accept?.rule ?? plainTextRule;
  const read = (text: string): Reading<string> => {
    const accepted = text !== '' && (settings.accept?.test(text) ?? true);
    return accepted ? { ok: true, value: text } : { ok: false, rule: withNearest(rule, text, settings.suggest ?? []) };
  };
  return optionOf('value', 'TEXT', rule, settings, read);
}

/** One name of a closed list. A name outside it is answered with the nearest one. */
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] } & Settled<NoInfer<T>>,
): Option<T>;
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] },
): Option<T | undefined>;
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] } & MaybeSettled<T>,
): Option<T> {
  const { choices } = settings;
  const rule = `one of ${choices.join(', ')}`;
  const read = (text: string): Reading<T> => {
    const value = choices.find((choice) => choice === text);
    if (value !== undefined) return { ok: true, value };
    return { ok: false, rule: withNearest(rule, text, choices) };
  };
  return optionOf('value', 'NAME', rule, settings, read);
}

function withNearest(rule: string, text: string, names: readonly string[]): string {
  const nearest = nearestName(text, names);
  return nearest === undefined ? rule : `${rule} (did you mean ${nearest}?)`;
}
