/** One process of the coordinator: the real one without its edge, over a simulated network and disk. */
import { assembleCoordinator, type AssembledCoordinator } from '@weft/coordinator';
import { trainerId, type WeftError } from '@weft/core';
import { SimProcess, type Place, type SimThread } from '@weft/sim';
import { createCoordinatorMetrics, createProcessRegistry } from '@weft/telemetry';
import {
  AttachResponseSchema,
  ClusterService,
  decodeMessage,
  RunState,
  Transport,
  type AttachRequest,
  type AttachResponse,
} from '@weft/wire';
import { meanDigest } from './reference.ts';
import { calledStream } from './message-streams.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { predecessorRun, simulatedRun, submittedRun } from './simulated-run.ts';
import { traceLogger, type SimulatedWorld } from './simulated-world.ts';

/** Where trainers look for the coordinator. */
export const coordinatorMachine = 'coordinator';

const heartbeatsPerTimeout = 5;

/** Nobody reads them: one set for all simulations of this process. */
const metrics = createCoordinatorMetrics(createProcessRegistry(), {
  trainers: () => ({ idle: 0, loading: 0, working: 0 }),
  heartbeatAges: () => new Map(),
  paces: () => new Map(),
  runs: () => new Map(),
});

export class SimulatedCoordinator {
  readonly process: SimProcess;
  /** Where what is asked of it from outside is done. */
  readonly thread: SimThread;
  readonly #world: SimulatedWorld;
  readonly #assembled: AssembledCoordinator;

  /** `failed` is called when it ends by itself. */
  constructor(world: SimulatedWorld, disk: SimulatedDisk, failed: (error: WeftError) => void) {
    const { scenario, time, network, trace } = world;
    this.#world = world;
    this.process = new SimProcess(coordinatorMachine, time);
    const thread = this.process.startThread();
    this.thread = thread;
    const store = disk.mountStore(thread);
    this.#assembled = assembleCoordinator({
      settings: {
        heartbeatIntervalMs: Math.round(scenario.heartbeatTimeoutMs / heartbeatsPerTimeout),
        heartbeatTimeoutMs: scenario.heartbeatTimeoutMs,
        coordinatorVersion: 'simulated',
        reduction: 'tree',
      },
      store,
      checkpoints: disk.mountCheckpoints(thread, store, () => scenario.chunkMs),
      metrics: () => metrics,
      log: traceLogger(trace, coordinatorMachine),
      clock: thread.clock,
      wallSeconds: () => time.nowMs / 1000,
      fail: failed,
    });
    const place: Place = { machine: coordinatorMachine, process: this.process, thread };
    network.listen({
      ...place,
      accept: (end, peer) => {
        this.#assembled.cluster.attach(
          calledStream(
            ClusterService.method.attach,
            end,
            peer,
            (bytes) => this.#sent(peer, bytes),
            (message) => this.#received(peer, message),
          ),
        );
      },
    });
  }

  /** Starts it. Throws a `WeftError` where its disk refuses. */
  start(): void {
    this.#assembled.start();
    this.#submit();
  }

  /** Takes a sign of life; in this process's thread. */
  heartbeat(trainer: string, instance: string): void {
    this.#assembled.cluster.heartbeat(trainer, instance);
  }

  /** Whether it takes that process for a trainer that is attached. */
  hears(trainer: string, instance: string): boolean {
    return this.#assembled.cluster.find(trainerId(trainer))?.link.hello.instanceId === instance;
  }

  /** Submits the first run, unless one is there. */
  #submit(): void {
    const { scenario } = this.#world;
    const first = scenario.predecessorEndMs === undefined ? simulatedRun : predecessorRun;
    if (!this.#hasSome()) this.#assembled.queue.submit(submittedRun(scenario, first));
  }

  #hasSome(): boolean {
    return this.#assembled.queue.describeAll(true).length > 0;
  }

  /** Cancels the run that was before, unless it has ended, and submits the run, unless it is there. */
  replacePredecessor(): void {
    const { queue } = this.#assembled;
    if (queue.describeOpen().some(({ runId }) => runId === predecessorRun)) queue.cancel(predecessorRun, 'pruned');
    if (queue.describeAll(true).some(({ runId }) => runId === simulatedRun)) return;
    queue.submit(submittedRun(this.#world.scenario));
  }

  /** Cancels the run, if it is under way. */
  cancel(): void {
    if (this.#assembled.queue.driverOf(simulatedRun) !== undefined)
      this.#assembled.queue.cancel(simulatedRun, 'somebody cancelled it');
  }

  /** Resumes the run, if it has failed or was cancelled. */
  resume(): void {
    const { state } = this.#assembled.queue.describe(simulatedRun);
    if (state === RunState.FAILED || state === RunState.CANCELLED) {
      const { minTrainers, startTrainers } = this.#world.scenario;
      this.#assembled.queue.resume(simulatedRun, { minTrainers, startTrainers });
    }
  }

  /** Whether a frame has all of a contribution. */
  #isWhole(payload: Uint8Array): boolean {
    return payload.length === 4 * this.#world.scenario.elements;
  }

  #received(trainer: string, { body, payload }: AttachRequest): void {
    if (body.case !== 'frame' || body.value.about.case !== 'partial' || !this.#isWhole(payload)) return;
    const { runId, position, level, index } = body.value.about.value;
    if (runId !== simulatedRun) return;
    const driver = this.#assembled.queue.driverOf(simulatedRun);
    const isInHand = driver?.hasMember(trainerId(trainer)) === true && driver.record.committed === Number(position);
    if (isInHand) this.#world.invariants.delivered(trainer, Number(position), { level, index });
  }

  #sent(trainer: string, bytes: Uint8Array): void {
    if (this.process.isDead) return;
    const message = decodeMessage(AttachResponseSchema, bytes);
    const { invariants, trace, guard } = this.#world;
    trace.add(coordinatorMachine, `-> ${trainer} ${describe(message)}`);
    const { body, payload } = message;
    this.#world.messaged(trainer, String(body.case));
    if (body.case === 'regroup' && body.value.runId === simulatedRun) {
      const regroup = body.value;
      guard(() => invariants.regrouped(trainer, regroup));
    }
    // A mean of several frames shows in the replicas that apply it.
    if (body.case !== 'frame' || body.value.about.case !== 'update' || !this.#isWhole(payload)) return;
    const { runId, position } = body.value.about.value;
    if (runId === simulatedRun) guard(() => invariants.update(Number(position), meanDigest(payload)));
  }
}

function describe({ body }: AttachResponse): string {
  switch (body.case) {
    case 'regroup': {
      const { generation, rank, worldSize, position, chunks, transport } = body.value;
      const ranges = chunks.map(({ first, end }) => `[${String(first)},${String(end)})`).join(' ');
      const place = `rank ${String(rank)}/${String(worldSize)} position ${String(position)}`;
      return `regroup generation ${String(generation)} ${place} ${transport === Transport.DIRECT ? 'direct' : 'star'} ${ranges}`;
    }
    case 'frame': {
      const { about, offset } = body.value;
      const what = about.case === undefined ? 'more' : `${about.case} position ${String(about.value.position)}`;
      return `frame at ${String(offset)} ${what}${about.case === 'update' && about.value.hold ? ' hold' : ''}`;
    }
    case 'evaluate': {
      const ranges = body.value.chunks.map(({ first, end }) => `[${String(first)},${String(end)})`).join(' ');
      return `evaluate position ${String(body.value.position)} split ${String(body.value.split)} ${ranges}`;
    }
    case 'closeRun':
      return `closeRun: ${body.value.reason}`;
    default:
      return String(body.case);
  }
}
