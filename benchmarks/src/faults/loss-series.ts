/** Loses trainers of one endless sequence of equal runs, from four down to one and again, and compares the result of every run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, isOver, resultOf, submit, transportSetting } from '@weft/e2e';
import type { ConfigurationInit, StandingCluster, Transport } from '@weft/e2e';
import { PhiloxStream } from '@weft/core';
import { loseTrainer, type LossSignal, type Recovery } from './recovery.ts';

/** What a series found. */
export interface LossFindings {
  readonly recoveries: readonly Recovery[];
  /** Losses after which no step was committed within 30 s. */
  readonly hangs: number;
  /** Runs that finished, and those among them whose result was not that of one undisturbed trainer. */
  readonly runs: number;
  readonly wrongResults: number;
}

/** What is trained while trainers are lost. */
export interface LossSeriesSettings {
  readonly configuration: ConfigurationInit;
  readonly transport: Transport;
  /** What one undisturbed trainer makes of the configuration, as `resultOf` writes it. */
  readonly expected: string;
  /** Of the moments and the victims. */
  readonly seed: number;
}

const mostTrainers = 4;
const pollIntervalMs = 20;
/** Work goes on undisturbed between two losses for a random time up to this. */
const longestCalmMs = 400;
const wholeTimeoutMs = 60_000;
const lastRunTimeoutMs = 300_000;

export class LossSeries {
  readonly #cluster: StandingCluster;
  readonly #configuration: ConfigurationInit;
  readonly #expected: string;
  readonly #transport: Transport;
  readonly #moments: PhiloxStream;
  #runId = '';
  #runs = 0;
  #wrong = 0;

  constructor(cluster: StandingCluster, series: LossSeriesSettings) {
    this.#cluster = cluster;
    this.#configuration = series.configuration;
    this.#transport = series.transport;
    this.#expected = series.expected;
    this.#moments = new PhiloxStream(series.seed, 'study');
  }

  /** Loses `count` trainers by `signal`, one after the other. */
  async lose(
    count: number,
    signal: LossSignal,
    told: (done: number, recovery: Recovery) => void,
  ): Promise<LossFindings> {
    const recoveries: Recovery[] = [];
    let hangs = 0;
    while (recoveries.length + hangs < count) {
      if (this.#cluster.attached.filter((seat) => !seat.isFrozen).length < 2) await this.#restore();
      await this.#untilWhole();
      await sleep(this.#moments.below(longestCalmMs));
      const { attached } = this.#cluster;
      const awake = attached.filter((seat) => !seat.isFrozen);
      const victim = awake[this.#moments.below(awake.length)];
      if (victim === undefined) continue;
      const outcome = await loseTrainer(this.#cluster, this.#runId, victim, signal);
      if (outcome === 'hang') hangs++;
      else if (outcome !== 'ended') {
        recoveries.push(outcome);
        told(recoveries.length, outcome);
      }
    }
    await this.#restore();
    await this.#finish();
    return { recoveries, hangs, runs: this.#runs, wrongResults: this.#wrong };
  }

  async #restore(): Promise<void> {
    for (const seat of this.#cluster.attached) if (seat.isFrozen) seat.wake();
    await this.#cluster.fill(mostTrainers);
  }

  /** Waits until everyone who is awake is at work and a step has been committed; a run that has ended is followed by the next one. */
  async #untilWhole(): Promise<void> {
    const limitMs = performance.now() + wholeTimeoutMs;
    let from = -1n;
    for (;;) {
      await this.#keepRunning();
      const run = await describe(this.#cluster.coordinator, this.#runId);
      const awake = this.#cluster.attached.filter((seat) => !seat.isFrozen).length;
      const whole = run.worldSize === awake && !isOver(run);
      if (!whole) from = -1n;
      else if (from === -1n) from = run.position;
      else if (run.position > from) return;
      if (performance.now() > limitMs) throw new Error(`not whole after a minute: ${run.reason}${this.#cluster.logs}`);
      await sleep(pollIntervalMs);
    }
  }

  async #keepRunning(): Promise<void> {
    if (this.#runId !== '') {
      const run = await describe(this.#cluster.coordinator, this.#runId);
      if (!isOver(run)) return;
      this.#runs++;
      if (resultOf(run).result !== this.#expected) this.#wrong++;
    }
    this.#runId = await submit(
      this.#cluster.coordinator,
      this.#configuration,
      1,
      '',
      transportSetting(this.#transport),
    );
  }

  async #finish(): Promise<void> {
    const limitMs = performance.now() + lastRunTimeoutMs;
    for (;;) {
      const run = await describe(this.#cluster.coordinator, this.#runId);
      if (isOver(run)) {
        this.#runs++;
        if (resultOf(run).result !== this.#expected) this.#wrong++;
        this.#runId = '';
        return;
      }
      if (performance.now() > limitMs) throw new Error(`the last run does not end: ${run.reason}${this.#cluster.logs}`);
      await sleep(pollIntervalMs);
    }
  }
}
