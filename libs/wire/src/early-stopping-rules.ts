/** The rule of early stopping in a run's configuration: its own rules, and what it says. */
import { monitors, type EarlyStopping } from '@weft/core';
import type { Demand } from './demand.ts';
import type { EarlyStopping as EarlyStoppingMessage } from './gen/weft/v1/configuration_pb.ts';

/** Notes what is wrong with it. */
export function demandEarlyStopping(rule: EarlyStoppingMessage | undefined, demand: Demand): void {
  if (rule === undefined) return;
  const { monitor, patience, minDelta } = rule;
  demand(earlyStoppingOf(rule) !== undefined, 'early_stopping.monitor', monitor, `one of ${monitors.join(', ')}`);
  demand(patience >= 1, 'early_stopping.patience', patience, 'at least 1');
  demand(Number.isFinite(minDelta) && minDelta >= 0, 'early_stopping.min_delta', minDelta, 'finite and at least 0');
}

/** The rule of a sound configuration; `undefined` where all epochs are trained. */
export function earlyStoppingOf(rule: EarlyStoppingMessage | undefined): EarlyStopping | undefined {
  const monitor = monitors.find((known) => known === rule?.monitor);
  if (rule === undefined || monitor === undefined) return undefined;
  return { monitor, patience: rule.patience, minDelta: rule.minDelta };
}
