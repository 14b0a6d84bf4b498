// A parent for tests: starts one tethered sleeper, says both process numbers, and waits to be killed.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

const [, , manner = 'plain', logPath = ''] = process.argv;
const child = await startChild({
  name: 'sleeper',
  entry: fileURLToPath(new URL('./sleeper.fixture.ts', import.meta.url)),
  argv: [manner],
  environment: {},
  logPath,
});
await child.firstLine(20_000, new AbortController().signal);
process.stdout.write(`${String(child.pid)}\n`);
setInterval(() => undefined, 1000);
