/**
 * The direct transport of a trainer that computes nothing: slices of its partial go to their owners, and what it owns comes back to all.
 *
 * It waits for what a real trainer waits for, so that no rank is ever more than a step ahead; it adds nothing.
 */
import { coverRange, ownershipOf, type ChunkRange, type Ownership } from '@weft/core';
import {
  bindService,
  encodeMessage,
  ExchangeRequestSchema,
  FrameAssembler,
  openClient,
  OutboundQueue,
  PeerService,
  protocolVersion,
  SharedTransfer,
  startGrpcServer,
  type FramedPayload,
  type RunningGrpcServer,
  type TransferSubject,
} from '@weft/wire';

/** A gang, as one rank hears of it. */
export interface ExchangePlace {
  readonly runId: string;
  readonly generation: bigint;
  readonly rank: number;
  /** In rank order. */
  readonly peers: readonly { readonly trainerId: string; readonly peerAddress: string }[];
  /** Of every step; they must be one whole subtree. */
  readonly chunks: readonly ChunkRange[];
  readonly chunkCount: number;
  readonly position: bigint;
}

/** What an exchange tells. */
export interface ExchangeListener {
  /** A step is complete. */
  stepped(position: bigint): void;
  failed(reason: string): void;
}

interface Heard {
  partials: number;
  means: number;
  sentMean: boolean;
}

type Send = (messages: Iterable<Buffer>) => void;

const transferLimits = { maxTransferBytes: 4_000_000_000, maxOpenTransfers: 8 };
const pieceDigestBytes = 32;

export class EmulatedExchange {
  readonly #server: RunningGrpcServer;
  readonly #trainerId: string;
  readonly #contribution: Uint8Array;
  readonly #listener: ExchangeListener;
  readonly #heard = new Map<bigint, Heard>();
  readonly #closers: (() => void)[] = [];
  #links: Send[] = [];
  #place: ExchangePlace | undefined;
  #ownership: Ownership = { replicated: true, ranges: [] };
  #position = 0n;
  #transfers = 1n;
  #closed = false;
  sentBytes = 0;
  receivedBytes = 0;

  private constructor(
    server: RunningGrpcServer,
    trainerId: string,
    contribution: Uint8Array,
    listener: ExchangeListener,
  ) {
    this.#server = server;
    this.#trainerId = trainerId;
    this.#contribution = contribution;
    this.#listener = listener;
  }

  /** Listens on a free port. */
  static async listen(
    trainerId: string,
    contribution: Uint8Array,
    listener: ExchangeListener,
  ): Promise<EmulatedExchange> {
    const service = bindService(
      PeerService,
      {
        exchange: (stream) => {
          const assembler = new FrameAssembler({ ...transferLimits, begin: () => 'discard' });
          stream.onEnd(() => undefined);
          stream.onMessage(({ body, payload }) => {
            if (body.case !== 'frame') return;
            const transfer = assembler.accept(body.value, payload);
            self.take(payload.length, transfer?.about);
          });
        },
      },
      (thrown) => {
        listener.failed(String(thrown));
      },
    );
    const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [service] });
    // Nobody calls before this server's address is told.
    const self: EmulatedExchange = new EmulatedExchange(server, trainerId, contribution, listener);
    return self;
  }

  get address(): string {
    return this.#server.address;
  }

  /** Calls the other ranks and begins with the step at `place.position`. */
  join(place: ExchangePlace): void {
    this.#place = place;
    this.#position = place.position;
    this.#ownership = ownershipOf(this.#contribution.length / 4, place.peers.length);
    this.#links = place.peers.map(({ peerAddress }, rank) =>
      rank === place.rank ? () => undefined : this.#call(peerAddress),
    );
    this.#contribute();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const close of this.#closers) close();
    await this.#server.stop(0);
  }

  /** Takes payload, and what it was a part of once that is whole. */
  take(bytes: number, about: TransferSubject | undefined): void {
    this.receivedBytes += bytes;
    if (about?.case !== 'peerPartial' && about?.case !== 'mean') return;
    const heard = this.#hear(about.value.position);
    if (about.case === 'mean') heard.means++;
    else heard.partials++;
    this.#advance();
  }

  #hear(position: bigint): Heard {
    const heard = this.#heard.get(position) ?? { partials: 0, means: 0, sentMean: false };
    this.#heard.set(position, heard);
    return heard;
  }

  #call(address: string): Send {
    const client = openClient(PeerService, { address });
    this.#closers.push(client.close);
    const stream = client.exchange();
    stream.onMessage(() => undefined);
    stream.onEnd((error) => {
      if (!this.#closed) this.#listener.failed(error?.message ?? 'a peer ended its call');
    });
    const outbound = new OutboundQueue(stream);
    const value = { trainerId: this.#trainerId, protocolVersion };
    outbound.send(encodeMessage(ExchangeRequestSchema, { body: { case: 'hello', value } }));
    return (messages) => {
      outbound.sendAll(messages, () => undefined);
    };
  }

  #contribute(): void {
    const place = this.#place;
    if (place === undefined) return;
    const [node] = place.chunks.flatMap((range) => coverRange(range, place.chunkCount));
    const value = {
      $typeName: 'weft.v1.PeerPartial' as const,
      ...{ runId: place.runId, generation: place.generation, position: this.#position, rank: place.rank },
      ...{ hasChunks: node !== undefined, level: node?.level ?? 0, index: node?.index ?? 0 },
      ...{ lossSum: 1, correctCount: 0n, hold: false },
    };
    if (this.#ownership.replicated) this.#send(this.#others, { case: 'peerPartial', value }, this.#contribution);
    else {
      for (const rank of this.#others) this.#send([rank], { case: 'peerPartial', value }, this.#slice(rank));
    }
    this.#advance();
  }

  #advance(): void {
    const place = this.#place;
    if (place === undefined) return;
    const heard = this.#hear(this.#position);
    const { replicated, ranges } = this.#ownership;
    if (heard.partials < place.peers.length - 1) return;
    const owners = ranges.filter(({ first, end }) => end > first).length;
    const mine = this.#slice(place.rank);
    if (!replicated && mine.length > 0 && !heard.sentMean) {
      heard.sentMean = true;
      const value = {
        $typeName: 'weft.v1.Mean' as const,
        ...{ runId: place.runId, generation: place.generation, position: this.#position, rank: place.rank },
        ...{ lossSum: 1, correctCount: 0n, pieceDigests: new Uint8Array(pieceDigestBytes), finite: true, hold: false },
      };
      this.#send(this.#others, { case: 'mean', value }, mine);
    }
    if (!replicated && heard.means < owners - (mine.length > 0 ? 1 : 0)) return;
    this.#heard.delete(this.#position);
    this.#listener.stepped(this.#position);
    this.#position++;
    // A step a turn: what has arrived meanwhile is not followed down the stack.
    setImmediate(() => {
      if (!this.#closed) this.#contribute();
    });
  }

  get #others(): number[] {
    return this.#links.flatMap((_, rank) => (rank === this.#place?.rank ? [] : [rank]));
  }

  #slice(rank: number): Uint8Array {
    const { first, end } = this.#ownership.ranges[rank] ?? { first: 0, end: 0 };
    return this.#contribution.subarray(first * 4, end * 4);
  }

  #send(ranks: readonly number[], about: TransferSubject, bytes: Uint8Array): void {
    const encode = ({ frame, payload }: FramedPayload): Buffer =>
      encodeMessage(ExchangeRequestSchema, { body: { case: 'frame', value: frame }, payload });
    const transfer = new SharedTransfer(this.#transfers++, about, bytes, ranks.length, encode);
    this.sentBytes += bytes.length * ranks.length;
    for (const rank of ranks) this.#links[rank]?.(transfer.messages());
  }
}
