// A service for tests: says where it is, then waits to be told to end. `argv[2]` says how it behaves.
import process from 'node:process';

const manner = process.argv[2];
const timer = setInterval(() => undefined, 1000);
process.on('SIGTERM', () => {
  if (manner !== 'stubborn') clearInterval(timer);
});
process.stderr.write('a line of log\n');
process.stdout.write(`ready ${String(process.pid)}\n`);
