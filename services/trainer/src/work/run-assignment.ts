/** From the wire's configuration to what the compute thread is told. */
import { planOf, type RunConfiguration } from '@weft/wire';
import type { RunAssignment } from '../compute/commands.ts';

/** `configuration` was checked by the coordinator: missing parts become values that no data set or model has. */
export function runAssignmentOf(runId: string, configuration: RunConfiguration): RunAssignment {
  const { model, dataSet, optimizer } = configuration;
  return {
    runId,
    plan: planOf(configuration),
    seed: Number(configuration.seed),
    topology: model?.topologyJson ?? '',
    loss: model?.loss ?? '',
    dataSet: {
      name: dataSet?.name ?? '',
      identity: dataSet?.identity ?? '',
      validationSplit: dataSet?.validationSplit ?? 0,
      settingsJson: dataSet?.settingsJson ?? '',
    },
    optimizer: {
      name: optimizer?.name ?? '',
      learningRate: optimizer?.learningRate ?? 0,
      settings: { ...optimizer?.settings },
    },
  };
}
