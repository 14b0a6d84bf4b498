/** Runs schedules one after the other on one standing cluster, and keeps a row for each. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { describeError } from '@weft/core';
import { patienceMs } from '../harness/patience.ts';
import { StandingCluster } from '../harness/standing-cluster.ts';
import type { ConfigurationInit } from '../harness/run-configuration.ts';
import { trainUnderFaults, type RunOutcome, type Transport } from './faulty-run.ts';
import { describeSchedule, drawSchedule } from './schedule.ts';
import { subject, type SubjectName } from './subject.ts';

/** What is held fixed while schedules vary. */
export interface Cell {
  readonly model: SubjectName;
  readonly trainers: number;
  readonly transport: Transport;
}

/** One schedule and what came of it. */
export interface ScheduleRow extends Cell {
  readonly seed: number;
  readonly schedule: string;
  readonly fired: readonly string[];
  readonly worldSizes: readonly [number, number];
  readonly generations: number;
  readonly digest: string;
  /** Whether the parameters after every epoch and at the end, and all figures, are those of one undisturbed trainer. */
  readonly equal: boolean;
  readonly durationMs: number;
  /** Why there is no result. */
  readonly failure?: string;
}

const heartbeatTimeoutMs = 1000;
const spares = 2;
const limitMs: Readonly<Record<SubjectName, number>> = {
  'initial-nn': 120_000,
  'small-dropout': 120_000,
  'dropout-ann': 180_000,
  'small-bn': 120_000,
  'deep-cnn-bn': 180_000,
  'simple-cnn': 600_000,
};

export class ScheduleTable {
  readonly rows: ScheduleRow[] = [];
  readonly #dataDirectory: string | undefined;
  readonly #say: (text: string) => void;
  readonly #references = new Map<
    SubjectName,
    { readonly configuration: ConfigurationInit; readonly run: RunOutcome }
  >();
  readonly #startedMs = performance.now();
  #cluster: StandingCluster | undefined;

  /** `say` gets one line a schedule. */
  constructor(dataDirectory: string | undefined, say: (text: string) => void) {
    this.#dataDirectory = dataDirectory;
    this.#say = say;
  }

  get failures(): number {
    return this.rows.filter(({ equal }) => !equal).length;
  }

  /** Runs the schedule of `seed` in a cell. A failure is a row too; the next schedule then has fresh processes. */
  async run(cell: Cell, seed: number): Promise<void> {
    const { configuration, run: reference } = await this.#reference(cell.model);
    const faults = drawSchedule(seed, heartbeatTimeoutMs);
    const about = { ...cell, seed, schedule: describeSchedule(faults) };
    const cluster = await this.#standing();
    let row: ScheduleRow;
    try {
      await cluster.fill(cell.trainers + spares);
      await cluster.settle(cell.trainers);
      const outcome = await trainUnderFaults(cluster, {
        ...cell,
        configuration,
        faults,
        limitMs: patienceMs(limitMs[cell.model]),
      });
      const { digest, result, fired, worldSizes, generations, durationMs } = outcome;
      row = { ...about, fired, worldSizes, generations, digest, equal: result === reference.result, durationMs };
    } catch (thrown) {
      const failure = describeError(thrown);
      const nothing = { fired: [], worldSizes: [0, 0], generations: 0, digest: '', durationMs: 0 } as const;
      row = { ...about, ...nothing, equal: false, failure };
    }
    this.rows.push(row);
    this.#say(lineOf(row));
    if (row.equal) return;
    this.#say(`  schedule: ${row.schedule}\n  repeat: ${repeatCommand(row)}\n${cluster.logs}`);
    await this.end();
  }

  /** The table with its circumstances. */
  report(): object {
    const git = (...argv: string[]): string => execFileSync('git', argv, { encoding: 'utf8' }).trim();
    return {
      benchmark: 'schedules',
      date: new Date().toISOString(),
      commit: git('rev-parse', 'HEAD'),
      cpu: cpus()[0]?.model.trim(),
      cores: cpus().length,
      seconds: Math.round((performance.now() - this.#startedMs) / 1000),
      heartbeatTimeoutMs,
      references: Object.fromEntries([...this.#references].map(([model, { run }]) => [model, run.digest])),
      cells: this.#cells(),
      rows: this.rows,
    };
  }

  /** One line for each cell. */
  summary(): string {
    const lines = this.#cells().map(
      ({ model, trainers, transport, schedules, equal, faults }) =>
        `${model.padEnd(12)} ${String(trainers)} trainers, ${transport}: ${String(equal)} of ${String(schedules)} equal, ${String(faults)} faults`,
    );
    return [...lines, `${String(this.rows.length - this.failures)} of ${String(this.rows.length)} equal`].join('\n');
  }

  async end(): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = undefined;
    await cluster?.end();
  }

  #cells(): (Cell & { readonly schedules: number; readonly equal: number; readonly faults: number })[] {
    const groups = Map.groupBy(
      this.rows,
      ({ model, trainers, transport }) => `${model} ${String(trainers)} ${transport}`,
    );
    return [...groups.values()].flatMap((rows) => {
      const [row] = rows;
      if (row === undefined) return [];
      const { model, trainers, transport } = row;
      const equal = rows.filter((each) => each.equal).length;
      const faults = rows.reduce((sum, { fired }) => sum + fired.length, 0);
      return [{ model, trainers, transport, schedules: rows.length, equal, faults }];
    });
  }

  async #standing(): Promise<StandingCluster> {
    this.#cluster ??= await StandingCluster.open({
      gated: true,
      coordinatorArgv: ['--heartbeat-timeout', `${String(heartbeatTimeoutMs)}ms`],
      trainerArgv: this.#dataDirectory === undefined ? [] : ['--data-dir', this.#dataDirectory],
    });
    return this.#cluster;
  }

  /** The result of one undisturbed trainer, made once. */
  async #reference(
    model: SubjectName,
  ): Promise<{ readonly configuration: ConfigurationInit; readonly run: RunOutcome }> {
    const known = this.#references.get(model);
    if (known !== undefined) return known;
    const configuration = await subject(model, this.#dataDirectory);
    const cluster = await this.#standing();
    await cluster.settle(1);
    const run = await trainUnderFaults(cluster, {
      ...{ configuration, trainers: 1, transport: 'star', faults: [], limitMs: patienceMs(limitMs[model]) },
    });
    const reference = { configuration, run };
    this.#references.set(model, reference);
    this.#say(`${model}: ${run.digest} on one trainer in ${String(run.durationMs)} ms`);
    return reference;
  }
}

/** The command that runs the schedule of a row alone. */
function repeatCommand({ model, trainers, transport, seed }: ScheduleRow): string {
  const cell = `--models ${model} --trainers ${String(trainers)} --transports ${transport}`;
  const choice = `${cell} --schedules 1 --seed ${String(seed)}`;
  return `npm run schedules -w @weft/e2e -- ${choice}`;
}

function lineOf({
  model,
  trainers,
  transport,
  seed,
  equal,
  durationMs,
  fired,
  worldSizes,
  failure,
}: ScheduleRow): string {
  const verdict = failure === undefined ? (equal ? 'equal' : 'DIFFERS') : `FAILED: ${failure}`;
  const who = `${model} on ${String(trainers)} ${transport} (${worldSizes.join('-')}), seed ${String(seed)}`;
  return `${verdict.padEnd(8)} ${who}, ${String(durationMs)} ms: ${fired.join(', ')}`;
}
