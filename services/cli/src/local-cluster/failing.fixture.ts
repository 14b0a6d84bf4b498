// A service for tests that cannot start.
import process from 'node:process';

process.stderr.write('cannot go on: the cause\n');
process.exitCode = 5;
