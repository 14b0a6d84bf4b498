/** What the processes of a simulation share. */
import type { WeftError } from '@weft/core';
import type { Network, Trace, VirtualTime } from '@weft/sim';
import type { LogFields, Logger } from '@weft/telemetry';
import type { Invariants } from './invariants.ts';
import type { Scenario } from './scenario.ts';

export interface SimulatedWorld {
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly network: Network<WeftError>;
  readonly trace: Trace;
  readonly invariants: Invariants;
  /** The coordinator sends a message of that kind to a trainer. */
  readonly messaged: (trainer: string, message: string) => void;
  /** Runs what may find a violation: it ends the simulation, and is not thrown into the code that is watched. */
  readonly guard: (check: () => void) => void;
  /** Ends the simulation: this must not happen. */
  readonly fail: (thrown: unknown) => void;
}

/** A logger whose lines go to the trace. */
export function traceLogger(trace: Trace, actor: string): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
      trace.add(actor, `${level} ${message}${pairs.join('')}`);
    };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}
