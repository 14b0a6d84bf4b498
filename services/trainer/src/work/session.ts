/**
 * One attachment to a coordinator: its messages become commands to the training loop, the loop's reports become messages.
 * Decides nothing: the coordinator's run machine does, and the training loop knows what to compute.
 */
import { WeftError } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import {
  encodeMessage,
  FrameAssembler,
  OutboundQueue,
  protocolVersion,
  runAssignmentOf,
  Split,
  Transport,
  splitTransfer,
  AttachRequestSchema,
  type AttachResponse,
  type CompletedTransfer,
  type MessageInitShape,
  type MessageStream,
  type TransferSubject,
} from '@weft/wire';
import type { ComputeCommand, ComputeReport, ExchangingGang } from '../compute/commands.ts';
import type { OpenLayout } from '../gang/peer-inbox.ts';
import { bodyOf, partialSubject, roundPartialSubject } from './report-requests.ts';
import { ShareMeter } from './share-meter.ts';
import type { Measurement } from './thread-messages.ts';
import { UpdateBuffers } from './update-buffers.ts';

type Request = MessageInitShape<typeof AttachRequestSchema>;
type ResponseBody = AttachResponse['body'];

/** The two-way stream, seen from the trainer. */
export type CoordinatorStream = MessageStream<Request, AttachResponse>;

/** What a session works with. */
export interface SessionParts {
  readonly trainerId: string;
  readonly instanceId: string;
  readonly processId: number;
  readonly httpAddress: string;
  readonly engineFingerprint: string;
  /** Where other trainers reach this one, and who is told for which run they may send, if any; absent where they cannot. */
  readonly peers?: { readonly address: string; opened(layout: OpenLayout): void; closed(): void } | undefined;
  /** Gives the training loop a command. */
  readonly command: (command: ComputeCommand) => void;
  /** The coordinator has accepted the trainer and wants a sign of life this often. */
  readonly welcomed: (heartbeatIntervalMs: number) => void;
  readonly measure: (measurement: Measurement) => void;
  /** Of a message to the coordinator and back, of late; 0 where it is not known. */
  readonly roundTripMs: () => number;
  readonly log: Logger;
}

const maxTransferBytes = 4_000_000_000;
const maxOpenTransfers = 8;

export class Session {
  readonly #parts: SessionParts;
  readonly #stream: CoordinatorStream;
  readonly #outbound: OutboundQueue;
  readonly #assembler: FrameAssembler;
  readonly #updates = new UpdateBuffers();
  readonly #meter: ShareMeter;
  #runId = '';
  #roundSizes: readonly number[] = [];
  #nextTransfer = 1n;
  #welcomed = false;

  constructor(stream: CoordinatorStream, parts: SessionParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#outbound = new OutboundQueue(stream);
    this.#meter = new ShareMeter(parts.measure, (runId, times) => {
      this.#send({ body: { case: 'stepTimes', value: { runId, ...times, roundTripMs: parts.roundTripMs() } } });
    });
    this.#assembler = new FrameAssembler({
      maxTransferBytes,
      maxOpenTransfers,
      begin: (about, totalBytes) => this.#begin(about, totalBytes),
    });
  }

  /** Whether the coordinator has accepted the trainer. */
  get welcomed(): boolean {
    return this.#welcomed;
  }

  /** Says hello and serves until the stream ends; resolves with the reason if it was not orderly. */
  serve(): Promise<WeftError | undefined> {
    const { trainerId, instanceId, processId, httpAddress, engineFingerprint } = this.#parts;
    const peerAddress = this.#parts.peers?.address ?? '';
    return new Promise((resolve) => {
      this.#stream.onEnd((error) => {
        this.#turnTo('');
        this.#parts.measure({ kind: 'attached', attached: false });
        const closed = (): void => {
          resolve(error);
        };
        this.#parts.command({ kind: 'close', closed });
      });
      this.#stream.onMessage((message) => {
        this.#take(message);
      });
      this.#send({
        body: {
          case: 'hello',
          value: { trainerId, protocolVersion, engineFingerprint, httpAddress, processId, instanceId, peerAddress },
        },
      });
    });
  }

  /** Has the trainer leave once it has done what it has in hand; the coordinator ends the stream. */
  leave(reason: string): void {
    if (this.#welcomed) this.#parts.command({ kind: 'leave', reason });
    else this.#stream.end();
  }

  /** Says that another trainer of `gang` cannot be reached, unless the run is not in hand any more. */
  peerLost(gang: ExchangingGang, trainerId: string, reason: string): void {
    const { runId } = gang;
    if (runId !== this.#runId) return;
    const generation = BigInt(gang.generation);
    this.#send({ body: { case: 'peerLost', value: { runId, generation, trainerId, reason } } });
  }

  /** The run in hand is another one, or none: until the loop is ready for it, others may send nothing. */
  #turnTo(runId: string): void {
    this.#runId = runId;
    this.#parts.peers?.closed();
  }

  #take(message: AttachResponse): void {
    const { command, log, measure } = this.#parts;
    const { body } = message;
    if (isOfOneRun(body) && body.value.runId !== this.#runId) return;
    switch (body.case) {
      case 'welcome':
        this.#welcomed = true;
        measure({ kind: 'attached', attached: true });
        this.#parts.welcomed(body.value.heartbeatIntervalMs);
        log.info('attached', { coordinator: this.#stream.peer });
        return;
      case 'openRun': {
        const { runId, configuration } = body.value;
        if (configuration === undefined) throw new WeftError('invalid-argument', 'openRun has no configuration');
        this.#turnTo(runId);
        command({ kind: 'open', run: runAssignmentOf(runId, configuration) });
        return;
      }
      case 'regroup': {
        const { generation, rank, worldSize, position, chunks, shares, transport, members } = body.value;
        measure({ kind: 'regrouped', run: this.#runId, generation: Number(generation), worldSize });
        command({
          kind: 'regroup',
          assignment: {
            generation: Number(generation),
            rank,
            worldSize,
            position: Number(position),
            chunks: chunks.map(({ first, end }) => ({ first, end })),
            shares,
            transport: transport === Transport.DIRECT ? 'direct' : 'star',
            members: members.map(({ trainerId, peerAddress }) => ({ trainerId, peerAddress })),
          },
        });
        return;
      }
      case 'frame': {
        measure({ kind: 'frames', direction: 'received', bytes: message.payload.length });
        const transfer = this.#assembler.accept(body.value, message.payload);
        if (transfer !== undefined) this.#takeTransfer(transfer);
        return;
      }
      case 'hold':
        command({ kind: 'hold' });
        return;
      case 'settle': {
        const { generation, recorded } = body.value;
        command({ kind: 'settle', generation: Number(generation), recorded: Number(recorded) });
        return;
      }
      case 'evaluate':
        command({
          kind: 'evaluate',
          position: Number(body.value.position),
          split: body.value.split === Split.TEST ? 'test' : 'validation',
          chunks: body.value.chunks.map(({ first, end }) => ({ first, end })),
        });
        return;
      case 'sendReplica':
        command({ kind: 'send-snapshot', position: Number(body.value.position) });
        return;
      case 'closeRun':
        log.info('run closed', { run: body.value.runId, reason: body.value.reason });
        this.#turnTo('');
        command({ kind: 'close', closed: () => undefined });
        return;
      case undefined:
        throw new WeftError('invalid-argument', 'the coordinator sent a message that this version does not know');
    }
  }

  #begin(about: TransferSubject, totalBytes: number): Uint8Array | 'discard' | WeftError {
    if (about.value.runId !== this.#runId) return 'discard';
    if (about.case === 'snapshot') return new Uint8Array(totalBytes);
    if (about.case === 'update') return this.#updates.begin(totalBytes);
    if (about.case === 'roundSum') {
      const expected = (this.#roundSizes[about.value.round] ?? 0) * 4;
      if (totalBytes === expected) return new Uint8Array(totalBytes);
      const found = `for round ${String(about.value.round)} of a step ${String(totalBytes)} bytes came`;
      return new WeftError('invalid-argument', `${found}; it must have ${String(expected)}`);
    }
    return new WeftError('invalid-argument', `a coordinator does not send a transfer of kind ${about.case}`);
  }

  #takeTransfer({ about, bytes }: CompletedTransfer): void {
    // The run may have been closed since the transfer began.
    if (bytes === undefined || about.value.runId !== this.#runId) return;
    const { command } = this.#parts;
    if (about.case === 'update') {
      const { position, hold } = about.value;
      // `#begin` gave the bytes of a whole Float32Array.
      const mean = new Float32Array(bytes.buffer as ArrayBuffer);
      command({ kind: 'update', position: Number(position), hold, mean });
    } else if (about.case === 'roundSum') {
      const { position, round } = about.value;
      command({
        kind: 'round-sum',
        position: Number(position),
        round,
        sum: new Float32Array(bytes.buffer as ArrayBuffer),
      });
    } else if (about.case === 'snapshot') {
      command({ kind: 'load-snapshot', position: Number(about.value.position), bytes });
    }
  }

  /** Takes a report of the training loop. */
  report(report: ComputeReport): void {
    const { log } = this.#parts;
    switch (report.kind) {
      case 'ready':
        // The loop may still have loaded a run that has been closed since.
        if (report.runId === this.#runId) {
          this.#updates.layoutSize = report.layoutSize;
          this.#roundSizes = report.roundSizes;
          this.#parts.peers?.opened({ runId: report.runId, layoutSize: report.layoutSize });
        }
        this.#send({ body: bodyOf(report) });
        return;
      case 'committed-steps':
      case 'standing':
      case 'evaluation':
      case 'leaving':
        this.#send({ body: bodyOf(report) });
        return;
      case 'partial':
        this.#meter.computed(report);
        this.#sendTransfer(partialSubject(report), new Uint8Array(report.contribution.buffer));
        return;
      case 'round-partial':
        this.#sendTransfer(roundPartialSubject(report), bytesOf(report.vector));
        return;
      case 'update-applied':
        this.#updates.release(report.mean);
        this.#meter.stepped(report.runId, report.waitSeconds, report.reduceSeconds);
        return;
      case 'worked':
        this.#meter.computed(report);
        this.#meter.stepped(report.runId, report.waitSeconds, report.reduceSeconds, report.steps);
        return;
      case 'snapshot': {
        const { runId, position, weightsDigest } = report;
        const value = { $typeName: 'weft.v1.Snapshot' as const, runId, position: BigInt(position), weightsDigest };
        this.#sendTransfer({ case: 'snapshot', value }, report.bytes);
        return;
      }
      case 'failure': {
        const { runId, message } = report;
        log.error('cannot take part in the run', { run: runId, error: message });
        this.#send({ body: bodyOf(report) });
        return;
      }
    }
  }

  #send(request: Request): void {
    this.#outbound.send(encodeMessage(AttachRequestSchema, request));
  }

  #sendTransfer(about: TransferSubject, bytes: Uint8Array): void {
    const frames = splitTransfer(this.#nextTransfer++, about, bytes);
    this.#parts.measure({ kind: 'frames', direction: 'sent', bytes: bytes.length });
    this.#outbound.sendAll(
      frames.map(({ frame, payload }) =>
        encodeMessage(AttachRequestSchema, { body: { case: 'frame', value: frame }, payload }),
      ),
      () => undefined,
    );
  }
}

/** Whether a message means the run in hand; a frame says of which it is when a transfer begins. */
function isOfOneRun(
  body: ResponseBody,
): body is Exclude<ResponseBody, { case: 'welcome' | 'openRun' | 'frame' | undefined }> {
  return body.case !== undefined && body.case !== 'welcome' && body.case !== 'openRun' && body.case !== 'frame';
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
