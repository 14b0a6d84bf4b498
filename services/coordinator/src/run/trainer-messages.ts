/** Messages and transfers of one run to its trainers. To a trainer that is gone, nothing is sent. */
import type { RunEffect, TrainerId } from '@weft/core';
import type { StoredRun } from '@weft/store';
import {
  AttachResponseSchema,
  encodeMessage,
  SharedTransfer,
  Split,
  Transport,
  type FramedPayload,
  type TransferSubject,
} from '@weft/wire';
import type { ResponseBody, TrainerLink } from '../cluster/trainer-link.ts';
import type { RunContext } from './run-context.ts';

const splits = { validation: Split.VALIDATION, test: Split.TEST } as const;

/** Effects that are one message to one trainer. */
type PlainEffect = RunEffect & { kind: 'open' | 'request-snapshot' | 'settle' | 'hold' | 'evaluate' };

export class TrainerMessages {
  readonly #run: StoredRun;
  readonly #context: Pick<RunContext, 'link' | 'nextTransfer' | 'metrics'>;

  constructor(run: StoredRun, context: Pick<RunContext, 'link' | 'nextTransfer' | 'metrics'>) {
    this.#run = run;
    this.#context = context;
  }

  /** The links of those trainers that are attached now. */
  links(trainers: readonly TrainerId[]): TrainerLink[] {
    return trainers.flatMap((trainer) => this.#context.link(trainer) ?? []);
  }

  send(trainer: TrainerId, body: ResponseBody): void {
    this.#context.link(trainer)?.send(body);
  }

  /** Sends what an effect says. */
  tell(effect: PlainEffect): void {
    const { runId, configuration } = this.#run;
    switch (effect.kind) {
      case 'open':
        this.send(effect.trainer, { case: 'openRun', value: { runId, configuration } });
        return;
      case 'request-snapshot':
        this.send(effect.from, { case: 'sendReplica', value: { runId, position: BigInt(effect.position) } });
        return;
      case 'settle': {
        const { trainer, generation, recorded } = effect;
        const value = { runId, generation: BigInt(generation), recorded: BigInt(recorded) };
        this.send(trainer, { case: 'settle', value });
        return;
      }
      case 'hold':
        this.send(effect.trainer, { case: 'hold', value: { runId } });
        return;
      case 'evaluate': {
        const { trainer, position, split, chunks } = effect;
        const value = { runId, position: BigInt(position), split: splits[split], chunks: [...chunks] };
        this.send(trainer, { case: 'evaluate', value });
        return;
      }
    }
  }

  /** Tells a member of its generation. */
  regroup(effect: RunEffect & { kind: 'regroup' }): void {
    const { trainer, generation, rank, worldSize, position, chunks, shares, transport } = effect;
    const members = effect.members.map((id) => ({
      trainerId: id,
      peerAddress: this.#context.link(id)?.hello.peerAddress ?? '',
    }));
    this.send(trainer, {
      case: 'regroup',
      value: {
        runId: this.#run.runId,
        generation: BigInt(generation),
        rank,
        worldSize,
        position: BigInt(position),
        chunks: [...chunks],
        shares: [...shares],
        transport: transport === 'direct' ? Transport.DIRECT : Transport.STAR,
        members,
      },
    });
  }

  /** Sends one transfer to several trainers; calls `sent` when none needs `bytes` any more. */
  broadcast(about: TransferSubject, bytes: Uint8Array, links: readonly TrainerLink[], sent: () => void): void {
    const encode = ({ frame, payload }: FramedPayload): Buffer =>
      encodeMessage(AttachResponseSchema, { body: { case: 'frame', value: frame }, payload });
    const transfer = new SharedTransfer(this.#context.nextTransfer(), about, bytes, links.length, encode);
    let waiting = links.length;
    if (waiting === 0) sent();
    this.#context.metrics.training.framesMoved('sent', bytes.length * links.length);
    for (const link of links) {
      link.sendTransfer(transfer, () => {
        if (--waiting === 0) sent();
      });
    }
  }

  /** Sends the mean of a step; calls `sent` when no trainer needs `bytes` any more. */
  sendUpdate(effect: RunEffect & { kind: 'commit' }, bytes: Uint8Array, sent: () => void): void {
    const { position, generation, hold, to } = effect;
    const value = {
      ...{ $typeName: 'weft.v1.Update' as const, runId: this.#run.runId, hold },
      ...{ generation: BigInt(generation), position: BigInt(position) },
    };
    this.broadcast({ case: 'update', value }, bytes, this.links(to), sent);
  }

  /** Sends the sum of a round, which must not change any more. */
  sendRound({ position, round, to }: RunEffect & { kind: 'send-round' }, sum: Float32Array): void {
    const value = {
      $typeName: 'weft.v1.RoundSum' as const,
      runId: this.#run.runId,
      position: BigInt(position),
      round,
    };
    const bytes = new Uint8Array(sum.buffer, sum.byteOffset, sum.byteLength);
    this.broadcast({ case: 'roundSum', value }, bytes, this.links(to), () => undefined);
  }

  /** Sends a replica at `position`; `bytes` must not change any more. */
  sendSnapshot(position: number, links: readonly TrainerLink[], bytes: Uint8Array): void {
    const value = {
      $typeName: 'weft.v1.Snapshot' as const,
      runId: this.#run.runId,
      position: BigInt(position),
      weightsDigest: '',
    };
    this.broadcast({ case: 'snapshot', value }, bytes, links, () => undefined);
  }
}
