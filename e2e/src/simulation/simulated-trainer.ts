/** One trainer process: the real work thread and heartbeats over a simulated network, with a synthetic run for an engine. */
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { SimProcess, type Place, type SimThread } from '@weft/sim';
import { Heartbeats, serveWork, type WorkParts } from '@weft/trainer';
import type { AttachResponse } from '@weft/wire';
import { trainerStream } from './message-streams.ts';
import { coordinatorMachine } from './simulated-coordinator.ts';
import { traceLogger, type SimulatedWorld } from './simulated-world.ts';
import { SyntheticRun } from './synthetic-run.ts';

/** Failures with which a trainer may end, because of faults around it; whoever started it starts it again. */
const excused: readonly ErrorCode[] = ['unavailable', 'timeout', 'already-exists', 'resource-exhausted'];
const reconnectTimeoutMs = 10_000;
const firstBackoffMs = 100;
const maxBackoffMs = 2_000;

/** What a trainer needs of the coordinator that is up, if one is. */
export type SignOfLife = (trainer: string, instance: string) => void;

export class SimulatedTrainer {
  readonly process: SimProcess;
  /** How many times longer a computation takes than it should. */
  #slowness = 1;
  readonly #world: SimulatedWorld;
  readonly #stop = new AbortController();

  /** Starts it. `ended` is called when it ends by itself or because it was told to leave. */
  constructor(world: SimulatedWorld, name: string, instance: string, signOfLife: SignOfLife, ended: () => void) {
    const { time, network, trace } = world;
    this.#world = world;
    this.process = new SimProcess(name, time);
    const log = traceLogger(trace, name);
    const work = this.process.startThread();
    const main = this.process.startThread();
    const from: Place = { machine: name, process: this.process, thread: work };
    const heartbeats = new Heartbeats(
      {
        heartbeat: ({ trainerId, instanceId }, { timeoutMs = 0 }) =>
          new Promise((resolve, reject) => {
            const beat = (): void => {
              signOfLife(trainerId, instanceId);
            };
            network.call({ ...from, thread: main }, coordinatorMachine, beat, () => {
              resolve(undefined);
            });
            main.clock.after(timeoutMs, () => {
              reject(new WeftError('timeout', 'no answer to a heartbeat'));
            });
          }),
        close: () => undefined,
      },
      { trainerId: name, instanceId: instance },
      main.clock,
      log,
    );
    const exit = (thrown?: unknown): void => {
      if (this.process.isDead) return;
      const isExcused = thrown === undefined || (thrown instanceof WeftError && excused.includes(thrown.code));
      trace.add(name, thrown === undefined ? 'exits' : `exits: ${describeError(thrown)}`);
      if (!isExcused) world.fail(thrown);
      this.process.kill();
      ended();
    };
    serveWork({
      settings: {
        coordinator: coordinatorMachine,
        reconnectTimeoutMs,
        trainerId: name,
        instanceId: instance,
        processId: 1,
        httpAddress: '',
        engineFingerprint: 'synthetic',
      },
      source: { open: (run) => Promise.resolve(new SyntheticRun(run, this.#witness(name, work))) },
      connect: () => this.#connection(from),
      clock: work.clock,
      measure: () => undefined,
      report: (report) => {
        main.run(() => {
          if (report.kind === 'attached') heartbeats.start(report.heartbeatIntervalMs);
          if (report.kind === 'detached') heartbeats.stop();
        });
      },
      log,
      stop: this.#stop.signal,
    }).then(() => {
      exit();
    }, exit);
    this.process.onDeath(() => {
      heartbeats.stop();
    });
  }

  /** Makes computations `factor` times slower until what is handed to `later` is called. */
  slowDown(factor: number, later: (action: () => void) => void): void {
    this.#slowness *= factor;
    later(() => {
      this.#slowness /= factor;
    });
  }

  /** SIGTERM. */
  leave(): void {
    this.#stop.abort();
  }

  #witness(name: string, thread: SimThread): ConstructorParameters<typeof SyntheticRun>[1] {
    const { scenario, invariants, trace, guard } = this.#world;
    return {
      compute: (chunks) => thread.compute(chunks * scenario.chunkMs * this.#slowness, scenario.blocking),
      computed: (position, node) => {
        if (this.process.isDead) return;
        const { level, index } = node;
        invariants.computed(name, position, node);
        trace.add(name, `computed node ${String(level)}/${String(index)} at position ${String(position)}`);
      },
      stands: (position, weightsDigest) => {
        if (this.process.isDead) return;
        trace.add(name, `stands at position ${String(position)}`);
        guard(() => {
          invariants.replica(name, position, weightsDigest);
        });
      },
    };
  }

  #connection(from: Place): ReturnType<WorkParts['connect']> {
    const { network, trace } = this.#world;
    const { clock } = from.thread;
    return {
      connected: ({ timeoutMs = 0, signal }) =>
        new Promise((resolve, reject) => {
          let open = true;
          const settle = (action: () => void) => (): void => {
            if (open) action();
            open = false;
          };
          const timedOut = settle(() => {
            reject(new WeftError('timeout', `nothing answered within ${String(timeoutMs)} ms`));
          });
          const cancelled = settle(() => {
            reject(new WeftError('cancelled', 'connecting was cancelled'));
          });
          clock.after(timeoutMs, timedOut);
          signal?.addEventListener('abort', cancelled, { once: true });
          const attempt = (backoffMs: number): void => {
            network.probe(from, coordinatorMachine, (listening) => {
              if (listening) settle(resolve)();
              else if (open) clock.after(backoffMs, () => attempt(Math.min(maxBackoffMs, backoffMs * 1.6)));
            });
          };
          attempt(firstBackoffMs);
        }),
      attach: () =>
        trainerStream(network.open(from, coordinatorMachine), from.thread, (message: AttachResponse) => {
          trace.add(from.machine, `<- ${String(message.body.case)}`);
        }),
      close: () => undefined,
    };
  }
}
