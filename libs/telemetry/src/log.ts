/**
 * Structured logs: one line a record, as JSON for machines or as text for people.
 *
 * A logger is passed in to whatever logs; there is no global one. Secrets never reach the stream; see `log-value.ts`.
 */
import { logLevels, type LogLevel } from './log-level.ts';
import { logValue, maskSecrets, type LogValue } from './log-value.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes log records; each method does nothing below the level of the settings. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines carry `fields` too, and the name of a part: `coordinator` and `store` make `coordinator.store`. */
  child(part: string, fields?: LogFields): Logger;
}

export type LogFormat = 'json' | 'human';

export interface LogSettings {
  /** The lowest level that is written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Which process speaks. */
  readonly component: string;
  /** Where lines go, each ending in a line feed. */
  readonly stream: { write(line: string): unknown };
  /** The time of a record; the system clock unless given. */
  readonly now?: () => Date;
}

interface LogRecord {
  readonly time: Date;
  readonly level: LogLevel;
  readonly component: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, LogValue>>;
}

/** Makes a logger; see `Logger`. */
export function createLogger(settings: LogSettings, inherited: LogFields = {}): Logger {
  const { component, stream, now = () => new Date() } = settings;
  const lowest = logLevels.indexOf(settings.level);
  const render = settings.format === 'json' ? jsonLine : humanLine;
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (logLevels.indexOf(level) < lowest) return;
      const entries = Object.entries({ ...inherited, ...fields }).filter(([, value]) => value !== undefined);
      const printable = Object.fromEntries(entries.map(([name, value]) => [name, logValue(name, value)]));
      const text = maskSecrets(message);
      stream.write(`${render({ time: now(), level, component, message: text, fields: printable })}\n`);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (part, fields = {}) =>
      createLogger({ ...settings, component: `${component}.${part}` }, { ...inherited, ...fields }),
  };
}

/** `{"time":"2026-01-02T03:04:05.678Z","level":"info","component":"coordinator","message":"...","fields":{...}}` */
function jsonLine({ time, level, component, message, fields }: LogRecord): string {
  return JSON.stringify({ time: time.toISOString(), level, component, message, fields });
}

/** `03:04:05.678 INFO  coordinator: message name=value other="two words"`; the time is UTC. */
function humanLine({ time, level, component, message, fields }: LogRecord): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${humanValue(value)}`);
  const clock = time.toISOString().slice(11, 23);
  return `${clock} ${level.toUpperCase().padEnd(5)} ${component}: ${escapeControls(message)}${pairs.join('')}`;
}

function humanValue(value: LogValue): string {
  if (typeof value === 'string' && /^[^\s"=\\{}[\]]+$/.test(value)) return escapeControls(value);
  return escapeControls(JSON.stringify(value));
}

/** Terminal control characters in foreign text must not reach a terminal. */
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
