/** Which transport a run uses, from what is known of its trainers so far. */
import type { TrainerId } from '../id.ts';
import type { Membership } from './membership.ts';
import { chooseTransport, type TransportChoice, type TransportSetting } from './transport.ts';

const mostFailures = 2;

export class TransportPolicy {
  readonly #setting: TransportSetting;
  readonly #unreachable = new Set<TrainerId>();
  #obstacle: string | undefined;
  #failures = 0;

  /** Of one contribution, once a trainer has told it. */
  contributionBytes = 0;
  /** Rounds of a step, once a trainer has told it. */
  roundCount = 0;

  constructor(setting: TransportSetting) {
    this.#setting = setting;
  }

  /** A trainer was given to the run; others reach it, or it said no address for them. */
  meet(trainer: TrainerId, reachable: boolean): void {
    if (reachable) this.#unreachable.delete(trainer);
    else this.#unreachable.add(trainer);
  }

  /**
   * Two trainers that are both here could not reach each other. Once can be a connection that broke; the second time, here or
   * between two others, they are not to try again. Tells whether that is so now.
   */
  obstruct(reason: string): boolean {
    if (++this.#failures >= mostFailures) this.#obstacle ??= reason;
    return this.#obstacle !== undefined;
  }

  /** The transport for the members. One alone exchanges with nobody, and commits by itself. */
  choose({ members, roundTripMs }: Membership): TransportChoice {
    if (members.length === 1) return { transport: 'direct', reason: 'it is alone' };
    if (this.roundCount > 0) return { transport: 'star', reason: 'its statistics are summed by the coordinator' };
    const silent = members.find((member) => this.#unreachable.has(member));
    const obstacle = silent === undefined ? this.#obstacle : `${silent} has no address for other trainers`;
    const { contributionBytes } = this;
    return chooseTransport({
      setting: this.#setting,
      worldSize: members.length,
      contributionBytes,
      roundTripMs,
      obstacle,
    });
  }
}
