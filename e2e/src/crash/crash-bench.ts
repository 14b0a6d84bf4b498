/**
 * Kills a coordinator before any operation on its files, tears the write before it if asked, starts another one on what is left, and
 * sees whether the run comes to the digest that it has undisturbed.
 *
 * strace kills: it counts the calls of each thread on one path. The thread pool has one thread, so the course of operations is the
 * same each time but for the moments at which lines of the ledger are flushed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { LedgerVerifier, WeftError } from '@weft/core';
import {
  ArchiveService,
  configurationDigest,
  create,
  openClient,
  runAssignmentOf,
  RunConfigurationSchema,
} from '@weft/wire';
import {
  anyPort,
  coordinatorArguments,
  untilServing,
  type RunningCoordinator,
} from '../harness/coordinator-process.ts';
import { untilFinished } from '../harness/followed-run.ts';
import { configurationOf, type ConfigurationInit } from '../harness/run-configuration.ts';
import { ServiceProcess } from '../harness/service-process.ts';
import type { CrashPoint } from './crash-point.ts';
import { fileCalls, readFileOperations, type FileOperation } from './file-operation.ts';

const runId = 'crash';
/** 270 training examples in batches of 64: 5 steps an epoch. */
const run = {
  model: 'initial-nn',
  optimizer: 'sgd',
  epochs: 2,
  trainExamples: 300,
  testExamples: 100,
  batchSize: 64,
} as const;

/** What became of one point. */
export interface CrashOutcome {
  readonly point: CrashPoint;
  /** `not reached`: the run was over before, and nothing was killed. */
  readonly outcome: 'equal' | 'not reached' | 'different' | 'failed';
  /** What was torn, or what went wrong. */
  readonly remark: string;
  readonly seconds: number;
}

/** Why nothing can be traced here, or `undefined`. */
export function tracingProblem(): string | undefined {
  const { status } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=fsync', 'true']);
  return status === 0 ? undefined : 'strace is not installed, or may not trace here';
}

export class CrashBench {
  readonly #directory: string;
  readonly #configuration: ConfigurationInit;
  readonly #processes = new Set<ServiceProcess>();
  #address = anyPort;
  #digests: readonly string[] = [];
  #runs = 0;

  private constructor(directory: string, configuration: ConfigurationInit) {
    this.#directory = directory;
    this.#configuration = configuration;
  }

  /** Call `end`, whatever happens. */
  static async open(): Promise<CrashBench> {
    return new CrashBench(await mkdtemp(join(tmpdir(), 'weft-crash-')), await configurationOf(run));
  }

  /** The operations of an undisturbed run, from the coordinator's start to its end. Starts the trainer that all runs share. */
  async reference(): Promise<FileOperation[]> {
    const state = this.#nextState();
    const traced = await untilServing(this.#trace(state, []));
    this.#address = traced.address;
    this.#start('trainer', 'trainer', [
      ...['--coordinator', traced.address, '--trainer-id', 'trainer-1'],
      ...['--http-listen', anyPort, '--reconnect-timeout', '1h'],
    ]);
    try {
      await traced.runs.submitRun({ runId, configuration: this.#configuration, minTrainers: 1 });
      const { epochDigests, weightsDigest } = await untilFinished(traced, runId);
      this.#digests = [...epochDigests, weightsDigest];
    } finally {
      traced.runs.close();
    }
    traced.process.signal('SIGTERM');
    await this.#ended(traced.process, state);
    return this.#operations(state);
  }

  /** Kills at `point`, and starts again. */
  async crash(point: CrashPoint): Promise<CrashOutcome> {
    const startedMs = performance.now();
    const outcome = await this.#crash(point).catch((thrown: unknown) => ({
      outcome: 'failed' as const,
      remark: thrown instanceof Error ? thrown.message : String(thrown),
    }));
    return { point, ...outcome, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
  }

  async end(): Promise<void> {
    await Promise.all([...this.#processes].map((started) => started.end()));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #crash({ call, path, ordinal, torn }: CrashPoint): Promise<Pick<CrashOutcome, 'outcome' | 'remark'>> {
    const state = this.#nextState();
    const inject = `inject=${call}:signal=SIGKILL:when=${String(ordinal)}`;
    const traced = this.#trace(state, ['-P', join(state, path), '-e', inject]);
    const killed = await this.#work(traced, state);
    if (!killed) return { outcome: 'not reached', remark: '' };
    const remark = torn === null ? '' : await tear(state, torn);
    const again = await untilServing(this.#start('coordinator', 'coordinator', this.#arguments(state)));
    try {
      const known = await again.runs.getRun({ runId }).catch((thrown: unknown) => {
        if (thrown instanceof WeftError && thrown.code === 'not-found') return undefined;
        throw thrown;
      });
      if (known === undefined) {
        await again.runs.submitRun({ runId, configuration: this.#configuration, minTrainers: 1 });
      }
      const { epochDigests, weightsDigest, run: ended } = await untilFinished(again, runId);
      const problem = await this.#ledgerProblem(again, ended.result?.ledgerDigest ?? '');
      if (problem !== undefined) return { outcome: 'failed', remark: `the ledger is wrong: ${problem}` };
      const isEqual = [...epochDigests, weightsDigest].join() === this.#digests.join();
      return { outcome: isEqual ? 'equal' : 'different', remark };
    } finally {
      again.runs.close();
      await this.#forget(again.process);
      await rm(state, { recursive: true, force: true });
    }
  }

  /** Submits the run and follows it until the coordinator is killed, or has ended in order: then nothing was killed. */
  async #work(traced: ServiceProcess, state: string): Promise<boolean> {
    const served = await untilServing(traced).catch(() => undefined);
    if (served !== undefined) {
      try {
        await served.runs.submitRun({ runId, configuration: this.#configuration, minTrainers: 1 });
        await untilFinished(served, runId);
        traced.signal('SIGTERM');
      } catch (thrown) {
        if (!(thrown instanceof WeftError)) throw thrown;
      } finally {
        served.runs.close();
      }
    }
    return this.#ended(traced, state);
  }

  /** Waits for the end of a traced process and of the log. Tells whether it was killed. */
  async #ended(traced: ServiceProcess, state: string): Promise<boolean> {
    const { signal, code } = await traced.untilExit();
    this.#processes.delete(traced);
    const limitMs = performance.now() + 10_000;
    while (performance.now() < limitMs) {
      const log = await readFile(`${state}.strace`, 'utf8');
      if (/\+\+\+ (killed by SIGKILL|exited with \d+) \+\+\+\n$/.test(log)) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return signal === 'SIGKILL' || code === 137;
  }

  async #ledgerProblem({ address }: RunningCoordinator, finished: string): Promise<string | undefined> {
    const assignment = runAssignmentOf(runId, create(RunConfigurationSchema, this.#configuration));
    const subject = {
      ...{ plan: assignment.plan, seed: assignment.seed },
      configurationDigest: configurationDigest(assignment),
    };
    const verifier = new LedgerVerifier(subject, (content) => hash('sha256', content, 'hex'));
    const archive = openClient(ArchiveService, { address });
    try {
      for await (const { lines } of archive.readLedger({ runId }, { signal: AbortSignal.timeout(20_000) })) {
        for (const { position, text, digest } of lines) {
          const problem = verifier.take({ position: Number(position), text, digest });
          if (problem !== undefined) return `line ${String(problem.position)}: ${problem.reason}`;
        }
      }
      return verifier.finish({ atLeast: 0, finished })?.reason;
    } finally {
      archive.close();
    }
  }

  #nextState(): string {
    return join(this.#directory, `state-${String(++this.#runs)}`);
  }

  #arguments(state: string): string[] {
    return coordinatorArguments(state, ['--listen', this.#address]);
  }

  /** Without `options` all operations are logged; with some, those that they say. */
  #trace(state: string, options: readonly string[]): ServiceProcess {
    const tracer = ['strace', '-D', '-f', '-y', '-s', '0', '-o', `${state}.strace`, '-E', 'UV_THREADPOOL_SIZE=1'];
    const wrapper = [...tracer, '-e', `trace=${fileCalls.join()}`, ...options];
    return this.#start('coordinator', 'coordinator', this.#arguments(state), wrapper);
  }

  #start(name: string, service: 'coordinator' | 'trainer', argv: readonly string[], wrapper: readonly string[] = []) {
    const started = new ServiceProcess(name, service, argv, [], wrapper);
    this.#processes.add(started);
    return started;
  }

  async #forget(started: ServiceProcess): Promise<void> {
    await started.end();
    this.#processes.delete(started);
  }

  async #operations(state: string): Promise<FileOperation[]> {
    return readFileOperations(await readFile(`${state}.strace`, 'utf8'), state);
  }
}

/** Fills the second half of the last write with something else, as a disk may leave it that lost power. */
async function tear(state: string, { path, offset, bytes = 0 }: FileOperation): Promise<string> {
  const handle = await open(join(state, path), 'r+').catch(() => undefined);
  if (handle === undefined) return `${path} is gone: nothing to tear`;
  try {
    const { size } = await handle.stat();
    // Files that grow end with their last write; how long they are changes a little from run to run.
    const grows = offset === undefined || path.endsWith('-wal');
    const end = grows ? size : Math.min(size, offset + bytes);
    const from = Math.max(0, end - Math.ceil(bytes / 2));
    await handle.write(Buffer.alloc(end - from, 0xa5), 0, end - from, from);
    return `bytes ${String(from)} to ${String(end)} of ${path} were torn`;
  } finally {
    await handle.close();
  }
}
