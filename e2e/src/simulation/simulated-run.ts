/** The run of a simulation that is held against a reference, and another one that some have before it, as they are submitted. */
import { ledgerOrigin, runId, type RunId } from '@weft/core';
import { everyTrainer, type StoredRun } from '@weft/store';
import { configurationDigest, create, runAssignmentOf, RunConfigurationSchema, RunState } from '@weft/wire';
import { hash } from 'node:crypto';
import type { Scenario } from './scenario.ts';
import { topologyOf } from './synthetic-run.ts';

/** Its name. */
export const simulatedRun = runId('r');

/** The name of the run before it: the same but for its seed, so that nothing of it fits and everything seems to. */
export const predecessorRun: RunId = runId('q');

/** A run of a scenario before anything has happened to it. */
export function submittedRun(scenario: Scenario, which: RunId = simulatedRun): StoredRun {
  const { plan, elements, runSeed, minTrainers, startTrainers, transport } = scenario;
  const seed = which === predecessorRun ? runSeed + 1 : runSeed;
  return {
    runId: which,
    configuration: create(RunConfigurationSchema, {
      model: { name: 'synthetic', topologyJson: topologyOf(elements), loss: 'none' },
      dataSet: {
        name: 'synthetic',
        identity: 'synthetic',
        trainExamples: plan.batch.exampleCount,
        validationExamples: plan.evaluationExamples.validation,
        testExamples: plan.evaluationExamples.test,
      },
      optimizer: { name: 'momentum', learningRate: 0.25 },
      batchSize: plan.batch.globalBatch,
      chunkSize: plan.batch.chunkSize,
      epochs: plan.epochs,
      seed: BigInt(seed),
      ...(plan.earlyStopping === undefined ? {} : { earlyStopping: plan.earlyStopping }),
    }),
    minTrainers,
    startTrainers,
    maxTrainers: everyTrainer,
    priority: 0,
    studyId: '',
    trial: 0,
    transport,
    submittedAtSeconds: 0,
    state: RunState.QUEUED,
    reason: '',
    generation: 0,
    checkpoint: 0,
    engineFingerprint: '',
    result: undefined,
    failureCode: '',
  };
}

/** The digest that stands before the first line of the run's ledger. */
export function firstLink(scenario: Scenario): string {
  const { runId: id, configuration } = submittedRun(scenario);
  return hash('sha256', ledgerOrigin(configurationDigest(runAssignmentOf(id, configuration))), 'hex');
}
