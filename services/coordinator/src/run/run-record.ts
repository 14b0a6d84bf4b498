/** What is told of a run while it goes on: to the store, to watchers, to metrics and to the log. */
import {
  exampleCountAt,
  stepAt,
  stepsPerEpoch,
  totalSteps,
  type ErrorCode,
  type MemberPace,
  type RunEffect,
  type RunMachine,
  type RunOutcome,
  type RunPlan,
  type TrainerId,
} from '@weft/core';
import {
  create,
  EpochResultSchema,
  RunResultSchema,
  RunSchema,
  planOf,
  RunState,
  type EpochResult,
  type Run,
  type RunResult,
} from '@weft/wire';
import type { StoredRun } from '@weft/store';
import type { RunContext } from './run-context.ts';
import { RunPace } from './run-pace.ts';
import { EpochMeter } from './throughput.ts';
import { workloadOf } from './workload-speeds.ts';

const progressIntervalMs = 200;

const endStates: Readonly<Record<RunOutcome['kind'], RunState>> = {
  finished: RunState.FINISHED,
  failed: RunState.FAILED,
  cancelled: RunState.CANCELLED,
  diverged: RunState.DIVERGED,
};

export class RunRecord {
  readonly #run: StoredRun;
  readonly #plan: RunPlan;
  readonly #machine: RunMachine;
  readonly #context: RunContext;
  readonly #epochs: EpochResult[];
  readonly #pace: RunPace;
  #meter = new EpochMeter();
  #state: RunState = RunState.RUNNING;
  #result: RunResult | undefined;
  #failureCode: ErrorCode | '' = '';
  #fingerprint: string;
  #transport = '';
  #lastProgressMs = 0;

  /** Steps whose update was sent, or that a solo trainer has committed. */
  committed: number;

  constructor(run: StoredRun, plan: RunPlan, machine: RunMachine, context: RunContext) {
    this.#run = run;
    this.#plan = plan;
    this.#machine = machine;
    this.#context = context;
    this.#epochs = context.store.epochs(run.runId);
    this.#fingerprint = run.engineFingerprint;
    this.committed = run.checkpoint;
    const workload = workloadOf(run.configuration);
    this.#pace = new RunPace({
      measured: (worldSize, examplesPerSecond) => {
        if (context.speeds.measured(workload, worldSize, examplesPerSecond)) context.speedMeasured();
      },
      stepped: (trainerSeconds, examples) => {
        context.usage.stepped(run.runId, trainerSeconds, examples);
      },
    });
    context.store.update(run.runId, { state: RunState.RUNNING, reason: this.#reason, result: undefined });
  }

  get #reason(): string {
    return withRemark(this.#machine.status, this.#run.remark);
  }

  /** The run as the control service shows it. */
  get snapshot(): Run {
    return create(RunSchema, {
      ...runOf(this.#run, this.#epochs),
      state: this.#state,
      reason: this.#reason,
      position: BigInt(this.committed),
      generation: BigInt(this.#machine.generation),
      worldSize: this.#machine.members.length,
      engineFingerprint: this.#fingerprint,
      transport: this.#transport,
      failureCode: this.#failureCode,
      ...(this.#result === undefined ? {} : { result: this.#result }),
    });
  }

  /** Of the trainers that take part; empty until the first is ready. */
  get engineFingerprint(): string {
    return this.#fingerprint;
  }

  /** How a member does, or nothing where `trainer` is none or has not reported. */
  paceOf(trainer: TrainerId): MemberPace | undefined {
    return this.#machine.paceOf(trainer);
  }

  statusChanged(): void {
    this.#context.log.info(this.#machine.status, { run: this.#run.runId });
    this.#context.feed.publish(this.#run.runId, { case: 'run', value: this.snapshot });
  }

  useEngine(fingerprint: string): void {
    if (this.#fingerprint !== '') return;
    this.#fingerprint = fingerprint;
    this.#context.store.update(this.#run.runId, { engineFingerprint: fingerprint });
  }

  regrouped(effect: RunEffect & { kind: 'regroup' }): void {
    const { trainer, transport, reason, worldSize } = effect;
    const travels = worldSize > 1 ? transport : '';
    if (this.#transport !== travels) {
      this.#transport = travels;
      if (travels !== '') this.#context.log.info(`partials travel ${travels}`, { run: this.#run.runId, reason });
    }
    if (trainer !== effect.members[0]) return;
    const nowMs = this.#context.nowMs();
    this.#meter.start(nowMs);
    this.#pace.regrouped(worldSize, nowMs);
    const { metrics, store } = this.#context;
    metrics.training.regrouped(this.#run.runId, this.#machine.generation, this.#machine.members.length);
    store.update(this.#run.runId, { generation: this.#machine.generation });
  }

  rolledBack(): void {
    this.#meter = new EpochMeter();
    this.#context.usage.rolledBack(this.#run.runId);
    this.committed = this.#machine.position;
    const position = String(this.committed);
    this.notice(
      `no replica is left: the run goes back to its checkpoint at position ${position} and waits for trainers`,
    );
  }

  notice(text: string): void {
    const atSeconds = this.#context.wallSeconds();
    this.#context.log.warn(text, { run: this.#run.runId });
    this.#context.feed.publish(this.#run.runId, { case: 'notice', value: { atSeconds, text } });
  }

  audited({ position, replicas, weightsDigest, dissenting, text }: RunEffect & { kind: 'audited' }): void {
    this.notice(text);
    const audit = { position: BigInt(position), replicas, weightsDigest, dissenting: [...dissenting], text };
    this.#context.feed.publish(this.#run.runId, { case: 'audit', value: audit });
  }

  checkpointWritten(file: string, seconds: number): void {
    this.#context.metrics.checkpointSaved(seconds);
    this.#context.log.info('checkpoint written', { run: this.#run.runId, file });
  }

  committedStep(position: number, lossSum: number, correctCount: number): void {
    const nowMs = this.#context.nowMs();
    const examples = exampleCountAt(this.#plan, position);
    this.committed = position + 1;
    this.#meter.add(lossSum, correctCount, examples, nowMs);
    this.#pace.stepped(examples, nowMs);
    const { loss, accuracy, examplesPerSecond } = this.#meter.figures;
    this.#context.metrics.training.stepsCommitted(this.#run.runId, { steps: 1, examples, loss, accuracy });
    if (nowMs - this.#lastProgressMs < progressIntervalMs) return;
    this.#lastProgressMs = nowMs;
    const { epoch, step } = stepAt(this.#plan, position);
    this.#context.feed.publish(this.#run.runId, {
      case: 'progress',
      value: {
        epoch: epoch + 1,
        step: step + 1,
        stepsPerEpoch: stepsPerEpoch(this.#plan.batch),
        loss,
        accuracy,
        examplesPerSecond,
        worldSize: this.#machine.members.length,
        generation: BigInt(this.#machine.generation),
      },
    });
  }

  epochEnded(effect: RunEffect & { kind: 'record-epoch' }): void {
    const { loss, accuracy, seconds, examplesPerSecond } = this.#meter.figures;
    const result = create(EpochResultSchema, {
      epoch: effect.epoch,
      loss,
      accuracy,
      validationLoss: effect.validation.loss,
      validationAccuracy: effect.validation.accuracy,
      seconds,
      examplesPerSecond,
      worldSize: effect.worldSize,
      generation: BigInt(effect.generation),
      weightsDigest: effect.weightsDigest,
    });
    this.#context.store.recordEpoch(this.#run.runId, result, effect.position);
    this.#epochs.push(result);
    this.#context.usage.saved(this.#run.runId);
    this.#context.epochEnded(this.#run, result);
    this.#meter = new EpochMeter();
    this.#context.metrics.epochFinished(this.#run.runId, {
      epoch: effect.epoch,
      validationLoss: effect.validation.loss,
      validationAccuracy: effect.validation.accuracy,
      examplesPerSecond,
    });
    this.#context.feed.publish(this.#run.runId, { case: 'epoch', value: result });
  }

  ended(outcome: RunOutcome, ledgerDigest: string): void {
    this.#state = endStates[outcome.kind];
    if (outcome.kind === 'finished') {
      const seconds = this.#epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
      const examples = this.#epochs.length * this.#plan.batch.exampleCount;
      this.#result = create(RunResultSchema, {
        testLoss: outcome.test.loss,
        testAccuracy: outcome.test.accuracy,
        testRankCounts: [...(outcome.test.classes?.ranks ?? [])],
        testConfusionCounts: [...(outcome.test.classes?.confusion ?? [])],
        weightsDigest: outcome.weightsDigest,
        seconds,
        examplesPerSecond: seconds === 0 ? 0 : examples / seconds,
        ledgerDigest,
      });
    }
    this.#failureCode = outcome.kind === 'failed' ? outcome.code : '';
    const end = { state: this.#state, reason: this.#reason, result: this.#result, failureCode: this.#failureCode };
    this.#context.store.update(this.#run.runId, end);
    this.statusChanged();
    this.#context.feed.endRun(this.#run.runId);
  }
}

function withRemark(reason: string, remark: string | undefined): string {
  return remark === undefined ? reason : `${reason} (${remark})`;
}

/** A stored run as the control service shows it, while no driver has it. */
export function runOf(run: StoredRun, epochs: EpochResult[]): Run {
  return create(RunSchema, {
    runId: run.runId,
    configuration: run.configuration,
    state: run.state,
    reason: run.reason,
    position: BigInt(run.checkpoint),
    totalSteps: BigInt(totalSteps(planOf(run.configuration))),
    epochs,
    generation: BigInt(run.generation),
    engineFingerprint: run.engineFingerprint,
    submittedAtSeconds: run.submittedAtSeconds,
    studyId: run.studyId,
    trial: run.trial,
    priority: run.priority,
    failureCode: run.failureCode,
    ...(run.result === undefined ? {} : { result: run.result }),
  });
}
