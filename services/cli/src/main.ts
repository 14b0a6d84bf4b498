// The `weft` command: the edge between the process and `dispatch`. `weft coordinator` and `weft trainer` become that service.
import { homedir } from 'node:os';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { CommandContext, Output } from './context.ts';
import { dispatch, serviceOf } from './dispatch.ts';
import { serviceEntries } from './service-entries.ts';
import { weftVersion } from './version.ts';

const argv = process.argv.slice(2);
const service = serviceOf(argv);

if (service === undefined) {
  process.exit(await runCommand());
} else {
  const entry = serviceEntries[service.name];
  process.argv = [process.argv[0] ?? 'node', entry, ...service.argv];
  await import(pathToFileURL(entry).href);
}

async function runCommand(): Promise<number> {
  const stop = new AbortController();
  const kill = new AbortController();
  const interrupt = (signal: string): void => {
    if (stop.signal.aborted) {
      kill.abort(signal);
      // Children are killed by the listeners of that signal, which have run by now.
      process.exit(signal === 'SIGTERM' ? 143 : 130);
    }
    process.stderr.write(`\nstopping (${signal}); once more to end at once\n`);
    stop.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  // Whoever read our output is gone (`weft runs | head`): end as quietly.
  process.stdout.on('error', () => {
    if (!stop.signal.aborted) stop.abort('SIGPIPE');
  });
  const context: CommandContext = {
    environment: process.env,
    workingDirectory: process.cwd(),
    homeDirectory: homedir(),
    output: outputTo(process.stdout),
    errorOutput: outputTo(process.stderr),
    stop: stop.signal,
    kill: kill.signal,
    nowMs: () => performance.now(),
  };
  return dispatch(argv, weftVersion(), context);
}

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns || 80;
    },
  };
}
