/** What passes between a trainer's main thread and its work thread. */
import type { ErrorCode } from '@weft/core';
import type { DataSetOptions } from '@weft/data';
import type { EngineName } from '@weft/engine';
import type { LogFormat, LogLevel, StepOutcome, StepPhase } from '@weft/telemetry';

/** What the work thread is started with. */
export interface WorkSettings {
  readonly coordinator: string;
  readonly trainerId: string;
  /** Random; tells this process from others with its name. */
  readonly instanceId: string;
  readonly httpAddress: string;
  /** Where to listen for other trainers. */
  readonly peerListen: string;
  /** Where others reach it, if that is not where it listens. */
  readonly peerAddress: string | undefined;
  readonly engine: EngineName;
  readonly dataOptions: Pick<DataSetOptions, 'dataDirectory' | 'cacheDirectory'>;
  /** How long to look for a coordinator before giving up, in milliseconds. */
  readonly reconnectTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

export type WorkCommand =
  /** Leave the cluster and end. */
  | { readonly kind: 'stop' }
  /** How long a message to the coordinator and back takes. */
  | { readonly kind: 'round-trip'; readonly roundTripMs: number }
  /** To be answered at once: whether the thread comes back from what it computes. */
  | { readonly kind: 'ask' };

/** Something for the metrics, which the main thread serves. */
export type Measurement =
  | { readonly kind: 'steps'; readonly run: string; readonly outcome: StepOutcome }
  /** Each of `steps` steps spent so long in the phase. */
  | { readonly kind: 'phase'; readonly phase: StepPhase; readonly steps: number; readonly seconds: number }
  | { readonly kind: 'regrouped'; readonly run: string; readonly generation: number; readonly worldSize: number }
  | { readonly kind: 'frames'; readonly direction: 'sent' | 'received'; readonly bytes: number }
  | { readonly kind: 'attached'; readonly attached: boolean };

export type WorkReport =
  | { readonly kind: 'engine-open'; readonly fingerprint: string }
  /** The trainer is attached, and the coordinator wants a sign of life this often. */
  | { readonly kind: 'attached'; readonly heartbeatIntervalMs: number }
  | { readonly kind: 'detached' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'measured'; readonly measurements: readonly Measurement[] }
  /** The thread is about to end: in order, or because of a failure. */
  | { readonly kind: 'ended'; readonly failure?: { readonly code: ErrorCode; readonly message: string } };
