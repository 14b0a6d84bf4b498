/** What a trial costs a whole coordinator but its edge and its disk: study, queue, placement, course of the run, messages, both stores. */
import { assembleCoordinator, QueueTrialRunner, Studies, StudyFeed } from '@weft/coordinator';
import { WeftError } from '@weft/core';
import { processClock } from '@weft/process';
import { openSqliteRunStore, openSqliteStudyStore } from '@weft/store';
import { createCoordinatorMetrics, createProcessRegistry } from '@weft/telemetry';
import { create, StudyExecutionSchema, StudyState } from '@weft/wire';
import process from 'node:process';
import { attachInstantTrainer } from './instant-trainer.ts';
import { silentLogger, syntheticDefinition, type StudyKind } from './study-cost.ts';

/** What a trial took. */
export interface WholeCost {
  readonly kind: StudyKind;
  readonly trials: number;
  readonly trainers: number;
  readonly epochs: number;
  /** Processor time of the coordinator and of the trainers, which are in this process. */
  readonly trialCpuMs: number;
  readonly trialMs: number;
}

const pollMs = 20;

/** Executes a study of about `trials` trials of one epoch, of one step each. Stores are in memory: a disk takes its own time. */
export async function measureWholeCoordinator(kind: StudyKind, trials: number, trainers: number): Promise<WholeCost> {
  const store = openSqliteRunStore(':memory:');
  const log = silentLogger();
  const failure = Promise.withResolvers<never>();
  const wallSeconds = (): number => Date.now() / 1000;
  const coordinator = assembleCoordinator({
    settings: { heartbeatIntervalMs: 1e6, heartbeatTimeoutMs: 1e7, coordinatorVersion: 'none', reduction: 'tree' },
    store,
    checkpoints: {
      read: () => Promise.reject(new WeftError('not-found', 'nothing is kept')),
      write: (run, position) => {
        store.recordCheckpoint(run, { position, digest: 'none' }, position);
        return Promise.resolve('nowhere');
      },
    },
    metrics: (sources) => createCoordinatorMetrics(createProcessRegistry(), sources),
    log,
    clock: processClock,
    wallSeconds,
    fail: failure.reject,
  });
  const runner = new QueueTrialRunner(coordinator.queue, store, wallSeconds);
  const feed = new StudyFeed();
  const studyStore = openSqliteStudyStore(':memory:');
  const studies = new Studies({ store: studyStore, runner, feed, log, wallSeconds, fail: failure.reject });
  runner.listen(studies.listener);
  coordinator.queue.observe(runner);
  coordinator.start();
  for (let number = 0; number < trainers; number++) attachInstantTrainer(coordinator, `trainer-${String(number)}`);
  const definition = syntheticDefinition(kind, trials);
  // One step an epoch, whatever the trial.
  definition.parameters = definition.parameters.filter(({ name }) => name === 'learning-rate');
  const { base } = definition;
  if (base !== undefined) [base.epochs, base.dataSet, base.batchSize] = [1, smallDataSet(base.dataSet), 16];
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  studies.submit('study', definition, create(StudyExecutionSchema, { minTrainers: 1, maxTrainers: 1, maxAttempts: 1 }));
  const over = async (): Promise<void> => {
    while (studies.find('study').study.state === StudyState.RUNNING) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };
  await Promise.race([over(), failure.promise]);
  const { user, system } = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - startedMs;
  const { counts } = studies.find('study').view.study(false);
  coordinator.stop('it is over');
  const done = counts?.complete ?? 0;
  if (counts?.missing !== 0 || done === 0)
    throw new WeftError('internal', `not all finished: ${JSON.stringify(counts)}`);
  return {
    ...{ kind, trials: done, trainers, epochs: 1 },
    trialCpuMs: (user + system) / 1000 / done,
    trialMs: elapsedMs / done,
  };
}

function smallDataSet<T extends object>(dataSet: T | undefined): T | undefined {
  return dataSet && { ...dataSet, trainExamples: 16, validationExamples: 16, testExamples: 16 };
}
