/** A run's configuration as plain data: what those who compute it need, and what its digest covers. */
import type { RunPlan, Schedule } from '@weft/core';
import type { RunConfiguration } from './gen/weft/v1/configuration_pb.ts';
import { planOf } from './run-configuration.ts';
import { scheduleOf } from './schedule-rules.ts';

/** What a run is. */
export interface RunAssignment {
  readonly runId: string;
  readonly plan: RunPlan;
  readonly seed: number;
  readonly topology: string;
  readonly loss: string;
  /** `ghost` or `sync`. */
  readonly batchNormalization: string;
  readonly dataSet: {
    readonly name: string;
    readonly identity: string;
    readonly validationSplit: number;
    readonly settingsJson: string;
  };
  readonly optimizer: {
    readonly name: string;
    readonly learningRate: number;
    readonly settings: Readonly<Record<string, number>>;
  };
  /** Absent where the learning rate stays what it is. */
  readonly schedule?: Schedule;
}

/** `configuration` was checked by the coordinator: missing parts become values that no data set or model has. */
export function runAssignmentOf(runId: string, configuration: RunConfiguration): RunAssignment {
  const { model, dataSet, optimizer } = configuration;
  const schedule = scheduleOf(configuration);
  return {
    runId,
    plan: planOf(configuration),
    seed: Number(configuration.seed),
    topology: model?.topologyJson ?? '',
    loss: model?.loss ?? '',
    batchNormalization: model?.batchNormalization === 'sync' ? 'sync' : 'ghost',
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
    ...(schedule === undefined ? {} : { schedule }),
  };
}
