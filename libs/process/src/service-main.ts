/** The life of a service process: settings in, signals heeded, errors told, one exit code out. */
import { describeError, WeftError } from '@weft/core';
import {
  asksForHelp,
  parseOptions,
  printableSettings,
  renderHelp,
  type CommandSpecification,
  type Environment,
  type ValuesOf,
} from '@weft/options';
import { createLogger, type LogFormat, type Logger, type LogLevel } from '@weft/telemetry';
import { exitCodeOf } from '@weft/wire';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

/** The options that every service has beside its own. */
export interface LogValues {
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** A service as its entry point describes it. */
export interface ServiceProcess<S extends CommandSpecification> {
  /** Names the service in its log. */
  readonly component: string;
  readonly specification: S;
  readonly argv: readonly string[];
  readonly environment: Environment;
  /** Serves until `stop` aborts, and resolves when all is closed. */
  serve(values: ValuesOf<S> & LogValues, log: Logger, stop: AbortSignal): Promise<void>;
}

/**
 * Runs a service to its end and gives the exit code. The first SIGINT or SIGTERM aborts `stop`; a second one ends the process. A
 * `WeftError` is told in one line; anything else is a bug and told with its stack.
 */
export async function runServiceProcess<S extends CommandSpecification>(service: ServiceProcess<S>): Promise<number> {
  const { specification, argv, environment } = service;
  collectInOneGo();
  if (asksForHelp(argv)) {
    process.stdout.write(`${renderHelp(specification)}\n`);
    return 0;
  }
  const parsed = parseOptions(specification, argv, environment);
  for (const warning of parsed.warnings) process.stderr.write(`warning: ${warning}\n`);
  if (!parsed.ok) {
    for (const problem of parsed.problems) process.stderr.write(`${specification.name}: ${problem}\n`);
    process.stderr.write(`see ${specification.name} --help\n`);
    return exitCodeOf(new WeftError('invalid-argument', 'options'));
  }
  // Each service's specification has the options of `LogValues`.
  const values = parsed.values as ValuesOf<S> & LogValues;
  const log = createLogger({
    component: service.component,
    level: values.logLevel,
    format: values.logFormat,
    stream: process.stderr,
  });
  log.info('settings', printableSettings(specification, parsed.values));
  const stop = new AbortController();
  const signalled = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(130);
    log.info('stopping', { signal });
    stop.abort();
  };
  process.on('SIGINT', signalled);
  process.on('SIGTERM', signalled);
  try {
    await service.serve(values, log, stop.signal);
    return 0;
  } catch (thrown) {
    if (thrown instanceof WeftError) log.error(describeError(thrown), { code: thrown.code });
    else log.error('a bug ended the process', { stack: thrown instanceof Error ? thrown.stack : String(thrown) });
    return exitCodeOf(thrown);
  }
}

/** Resolves when `signal` has aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

/**
 * Collects old garbage in one go instead of marking it in small steps.
 *
 * gRPC allocates a few buffers outside the heap for every frame, and V8 starts to mark the heap anew whenever 64 MiB of them have come
 * together, many times a second where frames follow each other closely. The heap of a service is small: marking it whole is a short
 * pause, while marking in steps takes time from the training all along. Set before any thread is started, so that it holds for all.
 */
function collectInOneGo(): void {
  setFlagsFromString('--no-incremental-marking');
}
