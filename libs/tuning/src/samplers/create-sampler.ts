import { WeftError } from '@weft/core';
import type { SearchSpace } from '../space/parameter.ts';
import { cmaesSampler } from './cmaes/cmaes.ts';
import { gridSampler, problemsOfGrid } from './grid/grid.ts';
import { haltonSampler } from './halton/halton.ts';
import { randomSampler } from './random.ts';
import { defaultSamplerSettings, problemsOfSamplerSettings } from './sampler-settings.ts';
import type { SamplerName, SamplerSettings } from './sampler-settings.ts';
import type { Sampler } from './sampler.ts';
import type { ParzenSettings } from './tpe/parzen-search.ts';
import { tpeSampler } from './tpe/tpe.ts';

/** The sampler `name`; settings that are not given have their defaults. Throws 'invalid-argument' with all problems of the settings. */
export function createSampler(name: SamplerName, settings: SamplerSettings = {}): Sampler {
  const problems = problemsOfSamplerSettings(name, settings);
  if (problems.length > 0) throw new WeftError('invalid-argument', problems.join('; '));
  const chosen = { ...defaultSamplerSettings[name], ...settings };
  const value = (setting: string): number => chosen[setting] ?? Number.NaN;
  const densities = (): ParzenSettings => ({
    ...{ candidates: value('candidates'), goodShare: value('goodShare'), mostGood: value('mostGood') },
    ...{ priorWeight: value('priorWeight'), mostOthers: value('mostOthers') },
  });
  switch (name) {
    case 'grid':
      return gridSampler;
    case 'random':
      return randomSampler;
    case 'halton':
      return haltonSampler;
    case 'tpe':
      return tpeSampler({ startup: value('startup'), ...densities() });
    case 'cmaes':
      return cmaesSampler({
        ...{ stepSize: value('stepSize'), populationScale: value('populationScale') },
        ...{ startup: value('startup'), densities: densities() },
      });
  }
}

/** What keeps the sampler `name` from searching a space that has no problems of its own, for each parameter. */
export function problemsOfSamplerSpace(name: SamplerName, space: SearchSpace): string[] {
  return name === 'grid' ? problemsOfGrid(space) : [];
}
