/** Samplers and pruners by name: what is wrong with one, and its settings with every default explicit. */
import { describeError, WeftError } from '@weft/core';
import {
  createPruner,
  createSampler,
  defaultPrunerSettings,
  defaultSamplerSettings,
  isPrunerName,
  isSamplerName,
  samplerNames,
  type Sampler,
} from '@weft/tuning';

/** A name and those settings that are given. */
export interface MethodInit {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
}

/** The sampler. Throws 'invalid-argument' for an unknown name, or settings that it does not have or take. */
export function samplerOf({ name, settings }: MethodInit): Sampler {
  if (isSamplerName(name)) return createSampler(name, settings);
  throw new WeftError('invalid-argument', `sampler ${JSON.stringify(name)} must be one of ${samplerNames.join(', ')}`);
}

/** What is wrong with a sampler, in one line; `undefined` where nothing is. */
export function problemOfSampler(method: MethodInit): string | undefined {
  return thrownBy(() => samplerOf(method));
}

/** The same of a pruner. */
export function problemOfPruner({ name, settings }: MethodInit): string | undefined {
  return thrownBy(() => createPruner(name, settings));
}

/** A sampler with all its settings. */
export function completeSampler({ name, settings }: MethodInit): MethodInit {
  return { name, settings: { ...(isSamplerName(name) ? defaultSamplerSettings[name] : {}), ...settings } };
}

/** A pruner with all its settings. */
export function completePruner({ name, settings }: MethodInit): MethodInit {
  return { name, settings: { ...(isPrunerName(name) ? defaultPrunerSettings[name] : {}), ...settings } };
}

function thrownBy(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (thrown) {
    return describeError(thrown);
  }
}
