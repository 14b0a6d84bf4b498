/** Machines by name, the links between them, who listens, and the connections that are open. */
import { ConnectionEnd } from './connection.ts';
import { Draws } from './draws.ts';
import { Link, type Lane, type LinkSpeed } from './link.ts';
import type { SimProcess } from './sim-process.ts';
import type { SimThread } from './sim-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A thread of a process on a machine. */
export interface Place {
  readonly machine: string;
  readonly process: SimProcess;
  readonly thread: SimThread;
}

/** A place that takes connections. */
export interface Listener<Reason> extends Place {
  accept(end: ConnectionEnd<Reason>, peer: string): void;
}

/** How the network behaves while nothing is wrong. */
export interface NetworkSettings {
  readonly speed: LinkSpeed;
  /** Bytes that a sender may be ahead of its receiver. */
  readonly windowBytes: number;
  /** Asked at each message that a machine sends to another whether the connection breaks there. */
  readonly breaks: (from: string, to: string) => boolean;
}

interface OpenConnection<Reason> {
  readonly client: Place;
  readonly server: Place;
  readonly ends: readonly [ConnectionEnd<Reason>, ConnectionEnd<Reason>];
}

/** Streams of random draws of the parts of a network; see `Draws`. */
const linkPart = 1;
const networkPart = 4;
/** How long a connection may be silent before it is looked after, and before it is given up. */
const pingMs = 10_000;
const keepaliveMs = 70_000;
const packetBytes = 64;

export class Network<Reason> {
  readonly #time: VirtualTime;
  readonly #seed: number;
  readonly #settings: NetworkSettings;
  readonly #draws: Draws;
  readonly #links = new Map<string, Link>();
  readonly #listeners = new Map<string, Listener<Reason>>();
  #connections: OpenConnection<Reason>[] = [];

  constructor(time: VirtualTime, seed: number, settings: NetworkSettings) {
    this.#time = time;
    this.#seed = seed;
    this.#draws = new Draws(seed, networkPart);
    this.#settings = settings;
  }

  /** Every way to or from a machine that was used so far. */
  linksOf(machine: string, direction: 'inward' | 'outward'): Link[] {
    const end = direction === 'outward' ? 0 : 1;
    return [...this.#links].filter(([name]) => name.split(' ')[end] === machine).map(([, link]) => link);
  }

  /** The way from one machine to another. */
  link(from: string, to: string): Link {
    const name = `${from} ${to}`;
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const draws = new Draws(this.#seed, linkPart, this.#links.size);
    const link = new Link(this.#time, draws, this.#settings.speed);
    this.#links.set(name, link);
    return link;
  }

  /** Takes connections to the listener's machine until its process dies. */
  listen(listener: Listener<Reason>): void {
    this.#listeners.set(listener.machine, listener);
    this.#refuseStale(listener.machine);
    listener.process.onDeath(() => {
      if (this.#listeners.get(listener.machine) === listener) this.#listeners.delete(listener.machine);
    });
  }

  /** Sends a packet there and back; `answered` is told whether somebody listens. */
  probe(from: Place, to: string, answered: (listening: boolean) => void): void {
    this.link(from.machine, to).carry(freshLane(), packetBytes, () => {
      const listening = this.#listeners.has(to);
      this.link(to, from.machine).carry(freshLane(), packetBytes, () => {
        from.thread.run(() => {
          answered(listening);
        });
      });
    });
  }

  /** Calls `handle` in the thread of whoever listens on `to`, and `answered` back here; where nobody listens, neither. */
  call(from: Place, to: string, handle: () => void, answered: () => void): void {
    this.link(from.machine, to).carry(freshLane(), packetBytes, () => {
      this.#listeners.get(to)?.thread.run(() => {
        handle();
        this.link(to, from.machine).carry(freshLane(), packetBytes, () => {
          from.thread.run(answered);
        });
      });
    });
  }

  /** Opens a connection; one that nobody takes breaks. */
  open(from: Place, to: string): ConnectionEnd<Reason> {
    const listener = this.#listeners.get(to);
    const outward = this.link(from.machine, to);
    const homeward = this.link(to, from.machine);
    const end = this.#end(from.thread, outward, from.machine, to);
    if (listener === undefined) {
      this.probe(from, to, () => {
        end.break('nobody listens there', true);
      });
      return end;
    }
    const far = this.#end(listener.thread, homeward, to, from.machine);
    ConnectionEnd.tie(end, far);
    this.#connections = this.#connections.filter(({ ends }) => !ends.every(({ isOver }) => isOver));
    this.#connections.push({ client: from, server: listener, ends: [end, far] });
    this.#breakOnDeath(from, end, far);
    this.#breakOnDeath(listener, far, end);
    outward.carry(freshLane(), packetBytes, () => {
      listener.thread.run(() => {
        listener.accept(far, from.machine);
      });
    });
    return end;
  }

  /** Breaks every connection of a machine, at both ends, or only those to `peer`. */
  cut(machine: string, peer?: string): void {
    for (const { client, server, ends } of this.#connections) {
      const machines = [client.machine, server.machine];
      if (!machines.includes(machine) || (peer !== undefined && !machines.includes(peer))) continue;
      for (const end of ends) end.break('the connection was reset');
    }
  }

  /** Lets nothing through on `links` until what is returned is called; connections give up when it takes too long. */
  block(links: readonly Link[]): () => void {
    for (const link of links) link.block();
    const cancel = this.#time.after(keepaliveMs, () => {
      for (const { client, server, ends } of this.#connections) {
        const ways = [this.link(client.machine, server.machine), this.link(server.machine, client.machine)];
        if (!ways.some((way) => links.includes(way))) continue;
        for (const end of ends) end.break('no answer to a keepalive', true);
      }
    });
    return () => {
      cancel();
      for (const link of links) link.unblock();
    };
  }

  /** The peer of a machine that went down hears nothing, and finds out by itself. */
  #breakOnDeath(place: Place, end: ConnectionEnd<Reason>, far: ConnectionEnd<Reason>): void {
    place.process.onDeath(() => {
      const { isSilent } = place.process;
      end.break(`${place.machine} is gone`, isSilent);
      if (isSilent) this.#time.after(keepaliveMs, () => far.break('no answer to a keepalive', true));
    });
  }

  /** A machine that is up again knows nothing of connections from before, and says so when next it is spoken to. */
  #refuseStale(machine: string): void {
    for (const { client, server, ends } of this.#connections) {
      const [near, far] = client.machine === machine ? [client, ends[1]] : [server, ends[0]];
      if (near.machine !== machine || !near.process.isDead || far.isOver) continue;
      this.#time.after(this.#draws.between(0, pingMs), () => far.break('the connection was reset', true));
    }
  }

  #end(thread: SimThread, out: Link, from: string, to: string): ConnectionEnd<Reason> {
    const { windowBytes, breaks } = this.#settings;
    return new ConnectionEnd<Reason>(thread, out, windowBytes, () => breaks(from, to));
  }
}

function freshLane(): Lane {
  return { lastArrivalMs: 0 };
}
