/** What pruners are called, and the settings of each: all that a study file may say of them. */
import { nearestName } from '@weft/core';

/** To have none is not one of them. */
export const prunerNames = ['median', 'percentile', 'asha', 'hyperband', 'threshold', 'patient'] as const;
export type PrunerName = (typeof prunerNames)[number];

/** Values by name; those that are not given have their defaults. */
export type PrunerSettings = Readonly<Record<string, number>>;

/** What a setting is where it is not given, and what it may be: an integer, or any number, from `low` to `high`. */
interface SettingRule {
  readonly default: number;
  readonly kind: 'integer' | 'number';
  readonly low: number;
  readonly high: number;
}

const most = Number.MAX_VALUE;
const countFrom = (low: number, value: number): SettingRule => ({
  ...{ default: value, kind: 'integer', low, high: 1_000_000 },
});
const interval = { warmupEpochs: countFrom(0, 0), interval: countFrom(1, 1) };
const startup = { startupTrials: countFrom(1, 5), ...interval };

const rules: Readonly<Record<PrunerName, Readonly<Record<string, SettingRule>>>> = {
  median: startup,
  percentile: { percentile: { default: 25, kind: 'number', low: 0, high: 100 }, ...startup },
  asha: { minEpochs: countFrom(1, 1), reductionFactor: countFrom(2, 4) },
  hyperband: { minEpochs: countFrom(1, 1), reductionFactor: countFrom(2, 3) },
  threshold: {
    lower: { default: -most, kind: 'number', low: -most, high: most },
    upper: { default: most, kind: 'number', low: -most, high: most },
    ...interval,
  },
  patient: { patience: countFrom(1, 5), minDelta: { default: 0, kind: 'number', low: 0, high: most } },
};

function defaultsOf(name: PrunerName): PrunerSettings {
  return Object.fromEntries(Object.entries(rules[name]).map(([setting, rule]) => [setting, rule.default]));
}

/** Every setting of every pruner with its default; the file of each pruner says what they mean. */
export const defaultPrunerSettings: Readonly<Record<PrunerName, PrunerSettings>> = {
  median: defaultsOf('median'),
  percentile: defaultsOf('percentile'),
  asha: defaultsOf('asha'),
  hyperband: defaultsOf('hyperband'),
  threshold: defaultsOf('threshold'),
  patient: defaultsOf('patient'),
};

export function isPrunerName(name: string): name is PrunerName {
  return prunerNames.some((known) => known === name);
}

/** All problems of a pruner's name and of the settings given for it, each with name, value and rule. */
export function problemsOfPrunerSettings(name: string, settings: PrunerSettings): string[] {
  if (!isPrunerName(name)) return [`pruner ${JSON.stringify(name)} is unknown; ${hint(name, prunerNames)}`];
  const problems = Object.entries(settings).flatMap(([setting, value]) => {
    const rule = Object.hasOwn(rules[name], setting) ? rules[name][setting] : undefined;
    if (rule === undefined) {
      return [`pruner ${name} has no setting "${setting}"; ${hint(setting, Object.keys(rules[name]))}`];
    }
    const isKind = rule.kind === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
    if (isKind && value >= rule.low && value <= rule.high) return [];
    const article = rule.kind === 'integer' ? 'an integer' : 'a number';
    return [
      `pruner ${name} has ${setting} ${String(value)}; it must be ${article} from ${String(rule.low)} to ${String(rule.high)}`,
    ];
  });
  const { lower = 0, upper = 0 } = { ...defaultPrunerSettings[name], ...settings };
  if (lower > upper)
    problems.push(`pruner ${name} has lower ${String(lower)}; it must not be above upper ${String(upper)}`);
  return problems;
}

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? `it must be one of ${known.join(', ')}` : `did you mean ${nearest}?`;
}
