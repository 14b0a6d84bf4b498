/** One trainer process: the real work thread and heartbeats over a simulated network, with a synthetic run for an engine. */
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { SimProcess, type Place, type SimThread } from '@weft/sim';
import { Heartbeats, serveWork, type WorkParts } from '@weft/trainer';
import { ClusterService, PeerService, type AttachResponse, type ExchangeRequest } from '@weft/wire';
import { Violation } from './invariants.ts';
import { calledStream, callingStream } from './message-streams.ts';
import { coordinatorMachine } from './simulated-coordinator.ts';
import { simulatedRun } from './simulated-run.ts';
import { traceLogger, type SimulatedWorld } from './simulated-world.ts';
import { SyntheticRun } from './synthetic-run.ts';

/** Failures with which a trainer may end, because of faults around it; whoever started it starts it again. */
const excused: readonly ErrorCode[] = ['unavailable', 'timeout', 'already-exists', 'resource-exhausted'];
/** Of these, those with which it may end only after it has tried for long enough. */
const hopeless: readonly ErrorCode[] = ['unavailable', 'timeout'];
const reconnectTimeoutMs = 10_000;
const firstBackoffMs = 100;
const maxBackoffMs = 2_000;

/** What a trainer needs of the coordinator that is up, if one is. */
export type SignOfLife = (trainer: string, instance: string) => void;

export class SimulatedTrainer {
  readonly process: SimProcess;
  readonly instance: string;
  /** How many times longer a computation takes than it should. */
  #slowness = 1;
  readonly #world: SimulatedWorld;
  readonly #stop = new AbortController();
  /** When it was last attached, or started. */
  #lastSeenMs: number;

  /** Starts it. `ended` is called when it ends by itself or because it was told to leave. */
  constructor(world: SimulatedWorld, name: string, instance: string, signOfLife: SignOfLife, ended: () => void) {
    const { scenario, time, network, trace } = world;
    this.#world = world;
    this.process = new SimProcess(name, time);
    this.instance = instance;
    this.#lastSeenMs = time.nowMs;
    const log = traceLogger(trace, name);
    const work = this.process.startThread();
    const main = this.process.startThread();
    const isReachable = scenario.reachable[Number(name.slice(2))] === true;
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
      const aloneMs = time.nowMs - this.#lastSeenMs;
      if (thrown instanceof WeftError && hopeless.includes(thrown.code) && aloneMs < reconnectTimeoutMs) {
        world.fail(new Violation(`${name} gave up after ${aloneMs.toFixed(0)} ms: ${thrown.message}`));
      }
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
      source: {
        open: async (run) => {
          if (scenario.loadMs > 0) await work.compute(scenario.loadMs, scenario.blocking);
          return new SyntheticRun(run, this.#witness(name, work, run.runId));
        },
      },
      connect: () => this.#connection(from),
      ...(isReachable ? { peers: this.#peers(from) } : {}),
      clock: work.clock,
      measure: () => undefined,
      report: (report) => {
        main.run(() => {
          // A session that was never welcomed has seen no coordinator.
          if (heartbeats.running || report.kind === 'attached') this.#lastSeenMs = time.nowMs;
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

  #witness(name: string, thread: SimThread, run: string): ConstructorParameters<typeof SyntheticRun>[1] {
    const { scenario, invariants, trace, guard } = this.#world;
    const check = (action: () => void): void => {
      if (run === simulatedRun) guard(action);
    };
    return {
      compute: (chunks) => thread.compute(chunks * scenario.chunkMs * this.#slowness, scenario.blocking),
      computed: (position, node, again) => {
        if (this.process.isDead) return;
        const { level, index } = node;
        check(() => invariants.computed(name, position, node, again));
        trace.add(name, `${run}: computed node ${String(level)}/${String(index)} at position ${String(position)}`);
      },
      stands: (position, weightsDigest) => {
        if (this.process.isDead) return;
        trace.add(name, `${run}: stands at position ${String(position)}`);
        check(() => {
          invariants.replica(name, position, weightsDigest);
        });
      },
    };
  }

  /** How others reach this trainer, and it them: its machine's name is its address. */
  #peers(from: Place): NonNullable<WorkParts['peers']> {
    const { network, trace } = this.#world;
    const { exchange } = PeerService.method;
    const { machine, thread } = from;
    return {
      address: machine,
      serve: (accept) => {
        network.listen({
          ...from,
          accept: (end, peer) => {
            const received = ({ body }: ExchangeRequest): void => {
              trace.add(machine, `<- ${peer} ${describeExchange(body)}`);
            };
            accept(calledStream(exchange, end, peer, () => undefined, received));
          },
        });
      },
      connect: (address) => {
        const stream = callingStream(exchange, network.open(from, address), thread, () => undefined);
        return {
          exchange: () => stream,
          close: () => {
            stream.end(new WeftError('cancelled', 'the call was closed'));
          },
        };
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
        callingStream(
          ClusterService.method.attach,
          network.open(from, coordinatorMachine),
          from.thread,
          (message: AttachResponse) => {
            trace.add(from.machine, `<- ${String(message.body.case)}`);
          },
        ),
      close: () => undefined,
    };
  }
}

function describeExchange(body: ExchangeRequest['body']): string {
  if (body.case !== 'frame') return String(body.case);
  const { about } = body.value;
  if (about.case !== 'peerPartial' && about.case !== 'mean') return 'frame';
  const { generation, position, hold } = about.value;
  return `${about.case} of generation ${String(generation)} position ${String(position)}${hold ? ' hold' : ''}`;
}
