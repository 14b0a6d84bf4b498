/**
 * A connection between threads of two processes: two ends, each of which sends messages that arrive in order, once, until one
 * end closes or the connection breaks. What is under way when it breaks is lost.
 */
import type { Lane, Link } from './link.ts';
import type { SimThread } from './sim-thread.ts';

/** How a connection ended at one end. */
export type Ending<Reason> =
  /** The peer closed, after its last message; `reason` is what it gave. */
  | { readonly kind: 'closed'; readonly reason: Reason | undefined }
  /** The connection is lost, or the peer cut it. */
  | { readonly kind: 'broken'; readonly cause: string };

/** One end of a connection, as the process sees it that holds it. */
export class ConnectionEnd<Reason> {
  readonly #thread: SimThread;
  readonly #out: Link;
  readonly #lane: Lane = { lastArrivalMs: 0 };
  readonly #windowBytes: number;
  readonly #breaks: () => boolean;
  #peer: ConnectionEnd<Reason> | undefined;
  #receive: ((message: Uint8Array) => void) | undefined;
  #ended: ((ending: Ending<Reason>) => void) | undefined;
  #drained: (() => void) | undefined;
  readonly #early: Uint8Array[] = [];
  #ending: Ending<Reason> | undefined;
  #bytesUnderWay = 0;
  #closed = false;

  /** `out` is the way to the peer. `breaks` is asked at each message whether the connection breaks there. */
  constructor(thread: SimThread, out: Link, windowBytes: number, breaks: () => boolean) {
    this.#thread = thread;
    this.#out = out;
    this.#windowBytes = windowBytes;
    this.#breaks = breaks;
  }

  /** Ties two ends together. */
  static tie<Reason>(a: ConnectionEnd<Reason>, b: ConnectionEnd<Reason>): void {
    a.#peer = b;
    b.#peer = a;
  }

  /** Whether the sender should wait for `onDrained`. */
  get isFull(): boolean {
    return !this.#closed && this.#bytesUnderWay >= this.#windowBytes;
  }

  get isOver(): boolean {
    return this.#closed && this.#ending !== undefined;
  }

  /** Sets the receiver; messages wait until there is one. */
  onMessage(receive: (message: Uint8Array) => void): void {
    this.#receive = receive;
    this.#thread.run(() => {
      for (let next = this.#early.shift(); next !== undefined; next = this.#early.shift()) receive(next);
    });
  }

  /** Sets the listener to the end that the peer or the network brings about; called once. */
  onEnd(listener: (ending: Ending<Reason>) => void): void {
    this.#ended = listener;
  }

  /** Sets the listener to when a full connection takes more. */
  onDrained(listener: () => void): void {
    this.#drained = listener;
  }

  send(message: Uint8Array): void {
    if (this.#closed || this.#thread.isDead) return;
    if (this.#breaks()) this.break('the connection was reset');
    else this.#carry(message);
  }

  /** Closes after what was sent; the peer is told the reason. This end takes nothing more that it sends. */
  close(reason?: Reason): void {
    if (this.#closed || this.#thread.isDead) return;
    this.#closed = true;
    const peer = this.#peer;
    this.#out.carry(this.#lane, 32, () => {
      if (peer !== undefined) peer.#finish({ kind: 'closed', reason });
    });
  }

  /** Cuts the connection: this end hears nothing more, the peer as soon as word reaches it. */
  cut(cause: string): void {
    if (this.#thread.isDead) return;
    this.#closed = true;
    this.#ending ??= { kind: 'broken', cause };
    this.#tellPeer(cause);
  }

  /** The network or the death of this end's process breaks the connection; `silently`: the peer is not told. */
  break(cause: string, silently = false): void {
    const wasOver = this.isOver;
    this.#closed = true;
    this.#finish({ kind: 'broken', cause });
    if (!silently && !wasOver) this.#tellPeer(cause);
  }

  /** What was sent before a break does not arrive after it: a reset overtakes. */
  #tellPeer(cause: string): void {
    const peer = this.#peer;
    this.#out.carry({ lastArrivalMs: 0 }, 32, () => {
      if (peer === undefined) return;
      peer.#closed = true;
      peer.#finish({ kind: 'broken', cause });
    });
  }

  /** The connection is over for this end. */
  #finish(ending: Ending<Reason>): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    if (ending.kind === 'broken') this.#closed = true;
    this.#thread.run(() => {
      this.#drained?.();
      this.#ended?.(ending);
    });
  }

  #carry(message: Uint8Array): void {
    const peer = this.#peer;
    this.#bytesUnderWay += message.length;
    this.#out.carry(this.#lane, message.length, () => {
      if (peer !== undefined) peer.#arrive(message, this);
    });
  }

  #arrive(message: Uint8Array, from: ConnectionEnd<Reason>): void {
    if (this.#ending !== undefined) return;
    this.#thread.run(() => {
      this.#take(message);
      from.#taken(message.length);
    });
  }

  #take(message: Uint8Array): void {
    if (this.#ending?.kind === 'broken') return;
    // Behind those that wait for the receiver to be set, and be ready for them.
    if (this.#receive === undefined || this.#early.length > 0) this.#early.push(message);
    else this.#receive(message);
  }

  /** The peer has read `bytes` bytes: there is room again. */
  #taken(bytes: number): void {
    const wasFull = this.isFull;
    this.#bytesUnderWay -= bytes;
    if (wasFull && this.#bytesUnderWay < this.#windowBytes) this.#thread.run(() => this.#drained?.());
  }
}
