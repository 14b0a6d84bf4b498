import { WeftError } from '@weft/core';
import { ashaPruner } from './asha.ts';
import { hyperbandPruner } from './hyperband.ts';
import { patientPruner } from './patient.ts';
import { percentilePruner } from './percentile.ts';
import { defaultPrunerSettings, isPrunerName, problemsOfPrunerSettings } from './pruner-settings.ts';
import type { PrunerSettings } from './pruner-settings.ts';
import type { Pruner } from './pruner.ts';
import { thresholdPruner } from './threshold.ts';

/** The pruner `name`; settings that are not given have their defaults. Throws 'invalid-argument' with all problems of both. */
export function createPruner(name: string, settings: PrunerSettings = {}): Pruner {
  const problems = problemsOfPrunerSettings(name, settings);
  if (!isPrunerName(name) || problems.length > 0) throw new WeftError('invalid-argument', problems.join('; '));
  const chosen = { ...defaultPrunerSettings[name], ...settings };
  // Settings are complete: those of the pruner in question are all there.
  const value = (setting: string): number => chosen[setting] ?? Number.NaN;
  const when = { warmupEpochs: value('warmupEpochs'), interval: value('interval') };
  const halving = { minEpochs: value('minEpochs'), reductionFactor: value('reductionFactor') };
  switch (name) {
    case 'median':
      return percentilePruner(name, { ...when, percentile: 50, startupTrials: value('startupTrials') });
    case 'percentile':
      return percentilePruner(name, {
        ...when,
        percentile: value('percentile'),
        startupTrials: value('startupTrials'),
      });
    case 'asha':
      return ashaPruner(halving);
    case 'hyperband':
      return hyperbandPruner(halving);
    case 'threshold':
      return thresholdPruner({ ...when, lower: value('lower'), upper: value('upper') });
    case 'patient':
      return patientPruner({ patience: value('patience'), minDelta: value('minDelta') });
  }
}
