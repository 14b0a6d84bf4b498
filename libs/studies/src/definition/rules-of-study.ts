import { createPruner, type StudyRules } from '@weft/tuning';
import type { StudyDefinition } from '@weft/wire';
import { samplerOf } from './methods.ts';
import { spaceOf } from './parameter-message.ts';

/** What search needs to know of a definition that has no problems. Throws 'invalid-argument' for methods that do not exist. */
export function rulesOf(definition: StudyDefinition): StudyRules {
  const { sampler, pruner, seed, trialSeeds, base, maxCells, concurrency } = definition;
  return {
    space: spaceOf(definition),
    sampler: samplerOf(sampler ?? { name: '', settings: {} }),
    pruner: pruner === undefined ? undefined : createPruner(pruner.name, pruner.settings),
    seed: Number(seed),
    trialSeeds: trialSeeds.map(Number),
    maxEpochs: base?.epochs ?? 0,
    maxCells: maxCells === 0 ? undefined : maxCells,
    concurrency,
    maximize: definition.objective?.maximize ?? false,
  };
}
