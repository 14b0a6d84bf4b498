/** What one setting is: how its text is read, what values it takes and where else it can come from. */
import type { EnvironmentName } from './environment-names.ts';

/** The outcome of reading one text: a value, or the rule that the text breaks (`an integer from 1 to 100`). */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rule: string };

/** One setting. Made by the builders beside this file, never by hand. */
export interface Option<T> {
  /** `value` takes one text, `list` any number of texts, `flag` none (`--name`, `--no-name`). */
  readonly form: 'value' | 'list' | 'flag';
  /** One line for the help page. */
  readonly summary: string;
  /** What the value must be, for the help page and for a missing value. */
  readonly rule: string;
  /** Stands for the value in the help page: `N`, `HOST:PORT`. */
  readonly placeholder: string;
  readonly required: boolean;
  readonly fallback: T | undefined;
  readonly environment: EnvironmentName | undefined;
  /** One letter for `-m`. */
  readonly alias: string | undefined;
  /** Never printed. */
  readonly secret: boolean;
  /** The heading under which the help page lists the option. */
  readonly section: string;
  read(text: string): Reading<T>;
  /** The value as one would type it. */
  show(value: T): string;
}

/** What every builder takes. */
export interface OptionSettings {
  readonly summary: string;
  readonly environment?: EnvironmentName;
  readonly alias?: string;
  readonly secret?: boolean;
  readonly placeholder?: string;
  /** Default: `Options`. */
  readonly section?: string;
}

/** Settings with which the value is never undefined. */
export type Settled<T> = { readonly default: T } | { readonly required: true };

/** Both forms together: what an implementation of a builder sees. */
export interface MaybeSettled<T> {
  readonly default?: T;
  readonly required?: true;
}

/** Fills in what the settings of an option leave out. */
export function optionOf<T>(
  form: Option<T>['form'],
  placeholder: string,
  rule: string,
  settings: OptionSettings & MaybeSettled<T>,
  read: (text: string) => Reading<T>,
  show: (value: T) => string = String,
): Option<T> {
  return {
    form,
    rule,
    summary: settings.summary,
    placeholder: settings.placeholder ?? placeholder,
    required: settings.required ?? false,
    fallback: settings.default,
    environment: settings.environment,
    alias: settings.alias,
    secret: settings.secret ?? false,
    section: settings.section ?? 'Options',
    read,
    show,
  };
}
