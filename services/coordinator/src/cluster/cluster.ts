/**
 * Who is attached: admits trainers, watches their heartbeats, and carries their messages to the run that they work for.
 */
import {
  errorCodes,
  idRule,
  isId,
  runId,
  silentTrainers,
  trainerId,
  WeftError,
  type MemberPace,
  type ErrorCode,
  type TrainerId,
} from '@weft/core';
import type { Logger, TrainerState } from '@weft/telemetry';
import { protocolVersion, type AttachRequest, type Hello } from '@weft/wire';
import type { RunDriver } from '../run/run-driver.ts';
import {
  committedStepsEvent,
  evaluationEvent,
  peerLostEvent,
  standingEvent,
  timedEvent,
} from '../run/trainer-reports.ts';
import { TrainerLink, type TrainerStream } from './trainer-link.ts';

/** How trainers are watched. */
export interface ClusterSettings {
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly coordinatorVersion: string;
}

/** Bytes that no transfer may exceed: parameters and three optimizer slots of a model of 250 million parameters. */
const maxTransferBytes = 4_000_000_000;
const maxOpenTransfers = 64;

/** What became of a trainer: it came, went away on purpose, or was lost. */
export type TrainerChange = 'attached' | 'left' | 'lost';

/** An attached trainer and the run it works for. */
export interface Member {
  readonly link: TrainerLink;
  driver: RunDriver | undefined;
  /** Why it wants to go, once it does. */
  leaving: string | undefined;
  /** Whether its run was asked to let it go for another one. */
  released: boolean;
  /** When it lost its last run; `-Infinity` where it has had none. */
  idleSinceMs: number;
}

export class Cluster {
  readonly #members = new Map<TrainerId, Member>();
  readonly #settings: ClusterSettings;
  readonly #log: Logger;
  readonly #nowMs: () => number;
  #sweptMs: number;
  readonly #changed: (trainer: TrainerId, change: TrainerChange) => void;

  /** `changed` is called after a trainer has come or gone. */
  constructor(
    settings: ClusterSettings,
    log: Logger,
    nowMs: () => number,
    changed: (trainer: TrainerId, change: TrainerChange) => void,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#nowMs = nowMs;
    this.#sweptMs = nowMs();
    this.#changed = changed;
  }

  /** Attached trainers, sorted by id. */
  get members(): Member[] {
    return [...this.#members.values()].sort((a, b) => (a.link.id < b.link.id ? -1 : 1));
  }

  /** How many trainers are idle, load a run, and work for one. */
  states(): Record<TrainerState, number> {
    const states = { idle: 0, loading: 0, working: 0 };
    for (const { link, driver } of this.#members.values()) {
      states[driver === undefined ? 'idle' : driver.hasMember(link.id) ? 'working' : 'loading']++;
    }
    return states;
  }

  /** Seconds since each trainer was last heard of. */
  heartbeatAgesSeconds(): Map<string, number> {
    const nowMs = this.#nowMs();
    return new Map([...this.#members].map(([id, { link }]) => [id, (nowMs - link.lastHeardMs) / 1000]));
  }

  /** How the trainers do that are at work and were timed. */
  paces(): Map<TrainerId, MemberPace> {
    const paces = new Map<TrainerId, MemberPace>();
    for (const { link, driver } of this.members) {
      const pace = driver?.record.paceOf(link.id);
      if (pace !== undefined) paces.set(link.id, pace);
    }
    return paces;
  }

  find(trainer: TrainerId): Member | undefined {
    return this.#members.get(trainer);
  }

  /** Serves the stream of a trainer. */
  attach(stream: TrainerStream): void {
    let member: Member | undefined;
    stream.onMessage((message) => {
      if (member !== undefined) {
        this.#take(member, message);
        return;
      }
      member = this.#welcome(stream, message);
      // Where this fails, the stream ends, and the trainer must be known here to be detached.
      this.#changed(member.link.id, 'attached');
    });
    stream.onEnd((error) => {
      if (member === undefined) return;
      // `cancelled` is all that the transport can say of a peer that is gone.
      const reason =
        error === undefined || error.code === 'cancelled'
          ? 'its connection broke (it is gone, or a message broke a limit)'
          : error.message;
      const quietMs = Math.round(this.#nowMs() - member.link.lastHeardMs);
      this.#detach(member, `${reason}, ${String(quietMs)} ms after its last sign of life`);
    });
  }

  /** Takes a sign of life of the process that says it is that trainer. */
  heartbeat(id: string, instanceId: string): void {
    const member = this.#members.get(trainerId(id));
    if (member?.link.hello.instanceId === instanceId) member.link.lastHeardMs = this.#nowMs();
  }

  /** Ends the streams of trainers that have been silent for too long. Call it at least ten times in a heartbeat timeout. */
  dropSilent(): void {
    const heard = new Map([...this.#members].map(([id, { link }]) => [id, link.lastHeardMs]));
    const nowMs = this.#nowMs();
    const sinceLastMs = nowMs - this.#sweptMs;
    this.#sweptMs = nowMs;
    // This process itself stood still: what the trainers sent meanwhile has not been read yet.
    if (sinceLastMs > this.#settings.heartbeatTimeoutMs / 2) {
      for (const { link } of this.#members.values()) link.lastHeardMs = nowMs;
      return;
    }
    for (const id of silentTrainers(heard, nowMs, this.#settings.heartbeatTimeoutMs)) {
      const member = this.#members.get(id);
      if (member === undefined) continue;
      const silentMs = Math.round(nowMs - member.link.lastHeardMs);
      const reason = `no heartbeat for ${String(silentMs)} ms, the limit is ${String(this.#settings.heartbeatTimeoutMs)}`;
      member.link.end(new WeftError('timeout', `trainer ${id}: ${reason}; it may attach again as a newcomer`));
      this.#detach(member, reason);
    }
  }

  endAll(reason: string): void {
    for (const member of this.members) {
      // Runs stay as they are in the store: nobody was lost.
      member.driver = undefined;
      member.link.end(new WeftError('unavailable', reason));
    }
  }

  #welcome(stream: TrainerStream, message: AttachRequest): Member {
    if (message.body.case !== 'hello') {
      throw new WeftError('invalid-argument', `the first message must be hello, not ${String(message.body.case)}`);
    }
    const hello = message.body.value;
    const id = this.#admit(hello, stream.peer);
    const receiver = {
      maxTransferBytes,
      maxOpenTransfers,
      begin: (...[about, bytes]: Parameters<RunDriver['begin']>) =>
        driverOf(member, about.value.runId)?.begin(about, bytes) ?? 'discard',
    };
    const member: Member = {
      link: new TrainerLink(id, hello, stream, receiver, this.#nowMs()),
      driver: undefined,
      leaving: undefined,
      released: false,
      idleSinceMs: -Infinity,
    };
    this.#members.set(id, member);
    const { heartbeatIntervalMs, heartbeatTimeoutMs, coordinatorVersion } = this.#settings;
    member.link.send({ case: 'welcome', value: { heartbeatIntervalMs, heartbeatTimeoutMs, coordinatorVersion } });
    this.#log.info('trainer attached', { trainer: id, peer: stream.peer, engine: hello.engineFingerprint });
    return member;
  }

  #admit(hello: Hello, peer: string): TrainerId {
    const id = hello.trainerId;
    if (!isId(id)) throw new WeftError('invalid-argument', `trainer id ${JSON.stringify(id)} must be ${idRule}`);
    if (hello.protocolVersion !== protocolVersion) {
      const versions = `${String(hello.protocolVersion)}, the coordinator ${String(protocolVersion)}`;
      throw new WeftError('incompatible', `trainer ${id} speaks protocol version ${versions}; run one version of Weft`);
    }
    const other = this.#members.get(trainerId(id));
    if (other?.link.hello.instanceId === hello.instanceId) {
      // The same process came back before the loss of its old stream was noticed.
      other.link.end();
      this.#detach(other, 'it attached again', 'left');
    } else if (other !== undefined) {
      const process = `process ${String(other.link.hello.processId)}`;
      this.#log.warn('trainer refused: its id is taken', { trainer: id, peer });
      throw new WeftError(
        'already-exists',
        `a trainer with id ${id} is attached (${process}); give each its own --trainer-id`,
      );
    }
    return trainerId(id);
  }

  #take(member: Member, message: AttachRequest): void {
    const { link } = member;
    const { body } = message;
    link.lastHeardMs = this.#nowMs();
    switch (body.case) {
      case 'frame': {
        const transfer = link.accept(message);
        if (transfer !== undefined) driverOf(member, transfer.about.value.runId)?.takeTransfer(link.id, transfer);
        return;
      }
      case 'leave':
        this.#leave(member, body.value.reason);
        return;
      case 'hello':
      case undefined:
        throw new WeftError('invalid-argument', `an attached trainer does not send ${body.case ?? 'an empty message'}`);
      default: {
        const driver = driverOf(member, body.value.runId);
        if (driver !== undefined) takeForRun(driver, link, body);
      }
    }
  }

  /** A run that needs the trainer for the step in hand lets it go after that; else it is let go at once. */
  #leave(member: Member, reason: string): void {
    const { driver, link } = member;
    member.leaving = reason;
    if (driver === undefined) this.dismiss(link.id);
    else driver.post({ kind: 'trainer-leaving', trainer: link.id, reason });
  }

  /** Ends the stream of a trainer that wanted to leave, if it is one: no run needs it any more. */
  dismiss(trainer: TrainerId): void {
    const member = this.#members.get(trainer);
    if (member?.leaving === undefined) return;
    this.#detach(member, `it left: ${member.leaving}`, 'left');
    member.link.end();
  }

  #detach(member: Member, reason: string, change: 'left' | 'lost' = 'lost'): void {
    const { id } = member.link;
    if (this.#members.get(id) !== member) return;
    this.#members.delete(id);
    this.#log.info('trainer detached', { trainer: id, reason });
    member.driver?.post({ kind: 'trainer-lost', trainer: id, reason });
    this.#changed(id, change);
  }
}

/** The driver of `run` where `member` works for it; what a trainer still sends of an earlier run has none. */
function driverOf(member: Member, run: string): RunDriver | undefined {
  return member.driver?.run.runId === runId(run) ? member.driver : undefined;
}

type RunBody = Extract<
  AttachRequest['body'],
  { case: 'ready' | 'committedSteps' | 'standing' | 'peerLost' | 'stepTimes' | 'evaluationPart' | 'failure' }
>;

function takeForRun(driver: RunDriver, link: TrainerLink, body: RunBody): void {
  switch (body.case) {
    case 'ready':
      driver.takeReady(link, body.value);
      return;
    case 'committedSteps':
      driver.post(committedStepsEvent(link.id, body.value));
      return;
    case 'standing':
      driver.post(standingEvent(link.id, body.value));
      return;
    case 'peerLost':
      driver.post(peerLostEvent(link.id, body.value));
      return;
    case 'stepTimes': {
      const event = timedEvent(link.id, body.value);
      if (event !== undefined) driver.post(event);
      return;
    }
    case 'evaluationPart':
      driver.post(evaluationEvent(link.id, body.value));
      return;
    case 'failure':
      driver.takeFailure(link.id, codeOf(body.value), body.value.message);
      return;
  }
}

function codeOf(failure: { readonly code: string }): ErrorCode {
  return errorCodes.find((known) => known === failure.code) ?? 'internal';
}
