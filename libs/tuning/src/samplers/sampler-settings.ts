/** The samplers by name, and the settings of each. */

export const samplerNames = ['grid', 'random', 'halton', 'tpe', 'cmaes'] as const;
export type SamplerName = (typeof samplerNames)[number];

export function isSamplerName(name: string): name is SamplerName {
  return samplerNames.some((known) => known === name);
}

/** Values by name; those that are not given have their defaults. */
export type SamplerSettings = Readonly<Record<string, number>>;

/** What a setting is where it is not given, and what it may be: an integer, or any number, from `low` to `high`. */
interface SettingRule {
  readonly default: number;
  readonly kind: 'integer' | 'number';
  readonly low: number;
  readonly high: number;
}

const densities: Readonly<Record<string, SettingRule>> = {
  startup: { default: 10, kind: 'integer', low: 1, high: 1_000_000 },
  candidates: { default: 24, kind: 'integer', low: 1, high: 10_000 },
  goodShare: { default: 0.1, kind: 'number', low: 0.001, high: 1 },
  mostGood: { default: 25, kind: 'integer', low: 1, high: 1000 },
  priorWeight: { default: 1, kind: 'number', low: 0.001, high: 1000 },
  mostOthers: { default: 1000, kind: 'integer', low: 1, high: 1_000_000 },
};

const rules: Readonly<Record<SamplerName, Readonly<Record<string, SettingRule>>>> = {
  grid: {},
  random: {},
  halton: {},
  tpe: densities,
  cmaes: {
    stepSize: { default: 0.2, kind: 'number', low: 0.001, high: 1 },
    populationScale: { default: 1, kind: 'number', low: 0.5, high: 1000 },
    ...densities,
  },
};

function defaultsOf(name: SamplerName): SamplerSettings {
  return Object.fromEntries(Object.entries(rules[name]).map(([setting, rule]) => [setting, rule.default]));
}

/** Every setting of every sampler with its default; tpe/ and cmaes/ say what they mean. */
export const defaultSamplerSettings: Readonly<Record<SamplerName, SamplerSettings>> = {
  grid: defaultsOf('grid'),
  random: defaultsOf('random'),
  halton: defaultsOf('halton'),
  tpe: defaultsOf('tpe'),
  cmaes: defaultsOf('cmaes'),
};

/** All problems of the settings given for a sampler, each with name, value and rule. */
export function problemsOfSamplerSettings(name: SamplerName, settings: SamplerSettings): string[] {
  return Object.entries(settings).flatMap(([setting, value]) => {
    const rule = Object.hasOwn(rules[name], setting) ? rules[name][setting] : undefined;
    if (rule === undefined) {
      const known = Object.keys(rules[name]).join(', ');
      return [`sampler ${name} has no setting "${setting}"; it has ${known === '' ? 'none' : known}`];
    }
    const isKind = rule.kind === 'integer' ? Number.isInteger(value) : Number.isFinite(value);
    if (isKind && value >= rule.low && value <= rule.high) return [];
    const article = rule.kind === 'integer' ? 'an integer' : 'a number';
    return [
      `sampler ${name} has ${setting} ${String(value)}; it must be ${article} from ${String(rule.low)} to ${String(rule.high)}`,
    ];
  });
}
