import type { CommandContext } from './context.ts';

/** A context without a terminal whose output is kept, and whose signals the test holds. */
export function fakeContext(change: Partial<CommandContext> = {}): {
  readonly context: CommandContext;
  readonly out: () => string;
  readonly err: () => string;
  readonly stop: AbortController;
  readonly kill: AbortController;
} {
  let out = '';
  let err = '';
  const stop = new AbortController();
  const kill = new AbortController();
  const context: CommandContext = {
    ...{ environment: {}, workingDirectory: '/', homeDirectory: '/nonexistent' },
    output: { write: (text) => void (out += text), isTerminal: false, columns: 80 },
    errorOutput: { write: (text) => void (err += text), isTerminal: false, columns: 80 },
    ...{ stop: stop.signal, kill: kill.signal, nowMs: () => performance.now() },
    ...change,
  };
  return { context, out: () => out, err: () => err, stop, kill };
}
