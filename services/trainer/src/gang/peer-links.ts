/** The calls of this trainer to the others of its gang: made when a gang forms, kept while the other stays a member. */
import { describeError } from '@weft/core';
import {
  encodeMessage,
  ExchangeRequestSchema,
  OutboundQueue,
  protocolVersion,
  SharedTransfer,
  type ExchangeRequest,
  type ExchangeResponse,
  type FramedPayload,
  type MessageInitShape,
  type MessageStream,
  type TransferSubject,
} from '@weft/wire';
import type { ExchangingGang } from '../compute/commands.ts';

/** A connection to another trainer; `openClient(PeerService, ...)` makes the real one. */
export interface PeerConnection {
  exchange(): MessageStream<MessageInitShape<typeof ExchangeRequestSchema>, ExchangeResponse>;
  close(): void;
}

/** What links are made with. */
export interface PeerLinksSettings {
  readonly trainerId: string;
  readonly connect: (address: string) => PeerConnection;
  /** A member of `gang`, the one that was joined last, cannot be reached any more, or could not be. */
  readonly lost: (gang: ExchangingGang, peer: string, reason: string) => void;
  /** Bytes that were handed to links. */
  readonly sent: (bytes: number) => void;
}

interface Link {
  readonly address: string;
  readonly connection: PeerConnection;
  readonly outbound: OutboundQueue;
}

type Frame = ExchangeRequest['body'] & { case: 'frame' };

export class PeerLinks {
  readonly #settings: PeerLinksSettings;
  readonly #links = new Map<string, Link>();
  #gang: ExchangingGang | undefined;
  #nextTransfer = 1n;

  constructor(settings: PeerLinksSettings) {
    this.#settings = settings;
  }

  /** Makes links to all members of `gang` but this trainer; links to others are closed. */
  join(gang: ExchangingGang): void {
    this.#gang = gang;
    const wanted = new Map(gang.members.map(({ trainerId, peerAddress }) => [trainerId, peerAddress]));
    wanted.delete(this.#settings.trainerId);
    for (const [peer, { address }] of this.#links) if (wanted.get(peer) !== address) this.#close(peer);
    for (const [peer, address] of wanted) if (!this.#links.has(peer)) this.#open(peer, address);
  }

  /** Closes all links. */
  leave(): void {
    this.#gang = undefined;
    for (const peer of [...this.#links.keys()]) this.#close(peer);
  }

  /** Sends one transfer to `peers`. `bytes` must not change before all have taken it. */
  send(peers: readonly string[], about: TransferSubject, bytes: Uint8Array): void {
    const links = peers.flatMap((peer) => this.#links.get(peer) ?? []);
    if (links.length === 0) return;
    const encode = ({ frame, payload }: FramedPayload): Buffer => {
      const body: Frame = { case: 'frame', value: frame };
      return encodeMessage(ExchangeRequestSchema, { body, payload });
    };
    const transfer = new SharedTransfer(this.#nextTransfer++, about, bytes, links.length, encode);
    this.#settings.sent(bytes.length * links.length);
    for (const { outbound } of links) outbound.sendAll(transfer.messages(), () => undefined);
  }

  #open(peer: string, address: string): void {
    const { connect, trainerId, lost } = this.#settings;
    const connection = connect(address);
    const stream = connection.exchange();
    const link: Link = { address, connection, outbound: new OutboundQueue(stream) };
    this.#links.set(peer, link);
    stream.onMessage(() => undefined);
    stream.onEnd((error) => {
      connection.close();
      // One that was closed here is no loss.
      if (this.#links.get(peer) !== link) return;
      this.#links.delete(peer);
      if (this.#gang !== undefined)
        lost(this.#gang, peer, error === undefined ? 'it ended the call' : describeError(error));
    });
    const hello = { case: 'hello' as const, value: { trainerId, protocolVersion } };
    link.outbound.send(encodeMessage(ExchangeRequestSchema, { body: hello }));
  }

  #close(peer: string): void {
    const link = this.#links.get(peer);
    this.#links.delete(peer);
    link?.connection.close();
  }
}
