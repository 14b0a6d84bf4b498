/**
 * The part of this trainer in a gang that exchanges directly, for one generation: what it computes goes to the owners, what the
 * others send is added, and means go around.
 *
 * What arrives early is kept: another rank can be one step ahead, or have heard of the generation first. Late comers are dropped.
 */
import {
  DirectStep,
  exampleCountAt,
  ownershipOf,
  WeftError,
  type ChunkRange,
  type DirectMean,
  type DirectOutcome,
  type DirectPartial,
  type ElementRange,
  type Ownership,
} from '@weft/core';
import { digestPieces, type TransferSubject } from '@weft/wire';
import type { Assignment, ComputeCommand } from './commands.ts';
import type { OpenedRun } from './opened-run.ts';
import type { OwnPartial, OwnPartials } from './own-partials.ts';

/** What another rank sent. */
export type PeerCommand = Extract<ComputeCommand, { kind: 'peer-partial' | 'peer-mean' }>;

/** How to reach the others. */
export interface GangLinks {
  send(peers: readonly string[], about: TransferSubject, bytes: Uint8Array): void;
}

/** What a gang is made of. */
export interface DirectGangParts {
  readonly run: OpenedRun;
  readonly assignment: Assignment;
  readonly own: OwnPartials;
  readonly links: GangLinks;
  /** As long as a contribution; the mean of the step in hand is written here. */
  readonly mean: Float32Array;
}

export class DirectGang {
  readonly assignment: Assignment;
  readonly #parts: DirectGangParts;
  readonly #ownership: Ownership;
  #step: DirectStep | undefined;
  #position = -1;

  /** Whether this rank wants the gang to stop after the next step that it begins; it counts on rank 0 only. */
  holdWanted = false;

  constructor(parts: DirectGangParts) {
    this.#parts = parts;
    this.assignment = parts.assignment;
    this.#ownership = ownershipOf(parts.run.layoutSize, parts.assignment.worldSize);
  }

  /** What the step in hand came to, once everything is there. */
  get outcome(): DirectOutcome | undefined {
    return this.#step?.outcome;
  }

  /** Begins the step at the replica's position: computes `ranges` and sends what belongs to others. `computed` is told of each node. */
  async begin(ranges: readonly ChunkRange[], computed: (partial: OwnPartial) => void): Promise<void> {
    const { run, own, mean, assignment } = this.#parts;
    const { rank } = assignment;
    const hold = rank === 0 && this.holdWanted;
    this.#position = run.position;
    this.#step = new DirectStep({
      ...{ rank, ownership: this.#ownership, chunkCount: run.chunkCount, mean, digestPieces },
      exampleCount: exampleCountAt(run.run.plan, run.position),
      arithmetic: run.arithmetic,
    });
    const nodes = own.nodesOf(ranges);
    if (nodes.length === 0) this.#contribute(undefined, hold);
    for (const node of nodes) {
      const isNew = !own.has(node);
      const partial = await own.of(node);
      if (isNew) computed(partial);
      this.#contribute(partial, hold);
    }
  }

  /** Takes what another rank sent, if it belongs to the step in hand; tells whether it is to be kept, dropped, or was taken. */
  take(command: PeerCommand): 'taken' | 'early' | 'late' {
    const { generation, position, rank } = command.label;
    const step = this.#step;
    if (generation !== this.assignment.generation) {
      return generation > this.assignment.generation ? 'early' : 'late';
    }
    if (step === undefined || position > this.#position) return 'early';
    if (position < this.#position) return 'late';
    if (rank >= this.assignment.worldSize) {
      throw new WeftError('invalid-argument', `rank ${String(rank)} is not of this gang`);
    }
    if (command.kind === 'peer-mean') step.takeMean(rank, command.mean);
    else this.#takePartial(step, rank, command.partial);
    return 'taken';
  }

  #takePartial(step: DirectStep, rank: number, partial: DirectPartial): void {
    const mean = step.takePartial(rank, partial);
    if (mean !== undefined && !this.#ownership.replicated) this.#sendMean(mean);
  }

  /** Gives a sum of this rank, or word that it has none, to every owner. */
  #contribute(own: OwnPartial | undefined, hold: boolean): void {
    const { rank, members } = this.assignment;
    const about = this.#aboutPartial(own, hold);
    const { ranges, replicated } = this.#ownership;
    if (replicated) {
      const others = members.filter((_, index) => index !== rank).map(({ trainerId }) => trainerId);
      this.#parts.links.send(others, about, bytesOf(own?.contribution, ranges[0]));
    } else {
      members.forEach(({ trainerId }, owner) => {
        const range = ranges[owner];
        if (owner === rank || range === undefined || range.end <= range.first) return;
        this.#parts.links.send([trainerId], about, bytesOf(own?.contribution, range));
      });
    }
    const range = ranges[rank];
    const step = this.#step;
    if (step === undefined || range === undefined || range.end <= range.first) return;
    const sums = { loss: own?.loss ?? 0, correct: own?.correct ?? 0 };
    const values = own?.contribution.subarray(range.first, range.end) ?? new Float32Array(0);
    this.#takePartial(step, rank, {
      ...(own === undefined ? {} : { node: own.node }),
      values,
      borrowed: true,
      sums,
      hold,
    });
  }

  #sendMean(mean: DirectMean): void {
    const { rank, members, generation } = this.assignment;
    const { sums, digests, finite, hold, values } = mean;
    const others = members.filter((_, index) => index !== rank).map(({ trainerId }) => trainerId);
    const about: TransferSubject = {
      case: 'mean',
      value: {
        $typeName: 'weft.v1.Mean',
        ...{ runId: this.#parts.run.run.runId, generation: BigInt(generation), position: BigInt(this.#position), rank },
        ...{ lossSum: sums.loss, correctCount: BigInt(sums.correct), pieceDigests: digests, finite, hold },
      },
    };
    this.#parts.links.send(others, about, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  #aboutPartial(own: OwnPartial | undefined, hold: boolean): TransferSubject {
    const { rank, generation } = this.assignment;
    return {
      case: 'peerPartial',
      value: {
        $typeName: 'weft.v1.PeerPartial',
        ...{ runId: this.#parts.run.run.runId, generation: BigInt(generation), position: BigInt(this.#position), rank },
        ...{ hasChunks: own !== undefined, level: own?.node.level ?? 0, index: own?.node.index ?? 0 },
        ...{ lossSum: own?.loss ?? 0, correctCount: BigInt(own?.correct ?? 0), hold },
      },
    };
  }
}

function bytesOf(contribution: Float32Array | undefined, range: ElementRange | undefined): Uint8Array {
  if (contribution === undefined || range === undefined) return new Uint8Array(0);
  const values = contribution.subarray(range.first, range.end);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
