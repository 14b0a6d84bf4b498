// Generates the wire code into a temporary folder and compares it with what is committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differingFiles } from './differing-files.ts';

const root = join(import.meta.dirname, '../../..');
const committed = 'libs/wire/src/gen';
const scratch = mkdtempSync(join(tmpdir(), 'weft-generated-'));
try {
  execFileSync('buf', ['generate', '--output', scratch], { cwd: root, stdio: 'inherit' });
  const differing = differingFiles(join(scratch, committed), join(root, committed));
  for (const path of differing) process.stderr.write(`${committed}/${path} differs from what proto/ generates\n`);
  if (differing.length > 0) {
    process.stderr.write('Run npx buf generate in the root folder and commit the result.\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
