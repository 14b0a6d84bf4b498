import type { ParameterValue } from '@weft/tuning';
import type { RunConfiguration } from '@weft/wire';
import { settingOf } from '../settings/settings.ts';

/** What a setting is in a configuration; `undefined` where it has none. Flags are true or false. */
export function settingValue(configuration: RunConfiguration, name: string): ParameterValue | undefined {
  const setting = settingOf(name);
  if (setting === undefined) return undefined;
  const value = fieldValue(configuration, setting.target);
  return setting.values.kind === 'flag' && value !== undefined ? value !== 0 : value;
}

function fieldValue(
  configuration: RunConfiguration,
  target: NonNullable<ReturnType<typeof settingOf>>['target'],
): number | string | undefined {
  const { model, optimizer, schedule, earlyStopping } = configuration;
  switch (target.part) {
    case 'choice':
      return configuration[target.field]?.name;
    case 'run':
      return configuration[target.field];
    case 'model':
      return model?.[target.field];
    case 'optimizer':
      return optimizer?.learningRate;
    case 'optimizer-setting':
      return optimizer?.settings[target.field];
    case 'schedule':
      return schedule?.[target.field];
    case 'early-stopping':
      return earlyStopping?.[target.field];
  }
}
