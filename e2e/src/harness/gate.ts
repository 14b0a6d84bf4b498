/**
 * A TCP proxy that a test has in its hand: it lets one side wait, forwards, cuts, falls silent, or dawdles.
 *
 * Closed, it takes connections and holds them, so that a trainer that has opened its engine waits before it until it may join.
 */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** How much worse than the loopback interface a link is. */
export interface SlowLink {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
}

export class Gate {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #held = new Set<Socket>();
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  /** Connections that were made while the gate was silent. */
  readonly #swallowed = new Set<Socket>();
  #isOpen: boolean;
  #isSilent = false;
  #slow: SlowLink | undefined;
  #tellAwaited: () => void = () => undefined;

  private constructor(target: string, isOpen: boolean) {
    const { hostname, port } = new URL(`tcp://${target}`);
    this.#target = { host: hostname, port: Number(port) };
    this.#isOpen = isOpen;
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      if (this.#isSilent) this.#swallowed.add(socket);
      else if (this.#isOpen) this.#forward(socket);
      else this.#hold(socket);
    });
  }

  /** A gate before `target` (`host:port`) on a free port. */
  static async before(target: string, isOpen = true): Promise<Gate> {
    const gate = new Gate(target, isOpen);
    await new Promise<void>((resolve, reject) => {
      gate.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return gate;
  }

  get address(): string {
    // A listening TCP server has such an address.
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Whether someone waits before the closed gate. */
  get isAwaited(): boolean {
    return this.#held.size > 0;
  }

  /** Calls `listener` when someone comes to wait. */
  onAwaited(listener: () => void): void {
    this.#tellAwaited = listener;
  }

  /** Forwards who waits, and who comes from now on. */
  open(): void {
    this.#isOpen = true;
    for (const socket of this.#held) this.#forward(socket);
    this.#held.clear();
  }

  /** Cuts every connection; who comes from now on has to wait. */
  close(): void {
    this.#isOpen = false;
    this.cut();
  }

  /** Resets every connection; new ones are forwarded at once. */
  cut(): void {
    this.#isSilent = false;
    for (const socket of this.#swallowed) socket.resetAndDestroy();
    this.#swallowed.clear();
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  /** No byte passes any more in either direction until the next cut, and neither side is told: half-open connections, later ones too. */
  fallSilent(): void {
    this.#isSilent = true;
    for (const { near, far } of this.#pairs) {
      for (const socket of [near, far]) {
        socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
        socket.pause();
      }
    }
  }

  /** From now on, and for new connections, bytes of both directions come late and slowly. */
  slowDown(link: SlowLink): void {
    this.#slow = link;
  }

  /** Ends everything. */
  async end(): Promise<void> {
    for (const socket of this.#held) socket.destroy();
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hold(socket: Socket): void {
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
    this.#tellAwaited();
  }

  #forward(near: Socket): void {
    const far = connect({ ...this.#target, noDelay: true });
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('data', (bytes) => {
        this.#carry(from, to, bytes);
      });
      from.on('end', () => to.end());
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      from.resume();
    }
  }

  #carry(from: Socket, to: Socket, bytes: Buffer): void {
    const slow = this.#slow;
    if (slow === undefined) {
      if (to.write(bytes)) return;
      from.pause();
      to.once('drain', () => from.resume());
      return;
    }
    from.pause();
    setTimeout(
      () => {
        to.write(bytes);
        from.resume();
      },
      slow.delayMs + (bytes.length * 1000) / slow.bytesPerSecond,
    );
  }
}
