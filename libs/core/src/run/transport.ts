/**
 * How partials and means travel between trainers; it decides when a step is done, never what comes out.
 *
 * `star`: to the coordinator and back. `direct`: from trainer to trainer.
 */

/** How partials travel. */
export type Transport = 'star' | 'direct';

/** What may be asked for. */
export type TransportSetting = Transport | 'auto';

/** What is known when a gang forms. */
export interface TransportConditions {
  readonly setting: TransportSetting;
  readonly worldSize: number;
  /** Of one contribution. */
  readonly contributionBytes: number;
  /** Between trainers and the coordinator, measured; 0 where nothing is known yet. */
  readonly roundTripMs: number;
  /** Why trainers cannot reach each other, or `undefined`. */
  readonly obstacle: string | undefined;
}

/** The transport, and why. */
export interface TransportChoice {
  readonly transport: Transport;
  readonly reason: string;
}

/** Bytes a second that one process adds, checks and sends on; measured on one core with the star. */
const coordinatorBytesPerMs = 420_000;
/** Time for one message at either end: framing, system calls, a turn of the event loop. */
const messageMs = 0.06;

/**
 * The estimated time, in milliseconds, of one exchange over each transport. Star: a round trip, and the coordinator moves a
 * contribution to and from each rank. Direct: one or two one-way trips among trainers, taken to be as far apart as the
 * coordinator is; every rank moves 2(N-1)/N contributions, and sends 2(N-1) messages.
 */
function exchangeTimesMs(conditions: TransportConditions): Readonly<Record<Transport, number>> {
  const { worldSize, contributionBytes, roundTripMs } = conditions;
  const perContributionMs = contributionBytes / coordinatorBytesPerMs;
  const peers = worldSize - 1;
  return {
    star: roundTripMs + 2 * worldSize * (perContributionMs + messageMs),
    direct: roundTripMs + 2 * peers * (perContributionMs / worldSize + messageMs),
  };
}

/** The transport for a gang. */
export function chooseTransport(conditions: TransportConditions): TransportChoice {
  const { setting, obstacle } = conditions;
  if (setting === 'star') return { transport: 'star', reason: 'it was asked for' };
  if (obstacle !== undefined) return { transport: 'star', reason: obstacle };
  if (setting === 'direct') return { transport: 'direct', reason: 'it was asked for' };
  const times = exchangeTimesMs(conditions);
  const transport = times.direct <= times.star ? 'direct' : 'star';
  const figures = `estimated ${times[transport].toFixed(1)} ms a step`;
  const other = transport === 'direct' ? 'star' : 'direct';
  return { transport, reason: `${figures}, ${other} ${times[other].toFixed(1)} ms` };
}
