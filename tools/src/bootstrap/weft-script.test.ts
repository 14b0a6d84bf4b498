import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scratchCheckout, type ScratchCheckout } from './scratch-checkout.fixture.ts';

let checkout: ScratchCheckout;
beforeEach(() => {
  checkout = scratchCheckout();
});
afterEach(() => checkout.dispose());

it('installs on first use, then starts the command line in the caller’s folder with its words untouched', async () => {
  const { status, stdout, stderr } = await checkout.start(['train', '--name', 'two words']);
  expect(stderr).toContain('installing dependencies');
  expect(status).toBe(0);
  expect(stdout.split('\n')).toEqual([
    `in ${realpathSync(dirname(checkout.folder))}:`,
    '--disable-warning=ExperimentalWarning',
    join(realpathSync(checkout.folder), 'services/cli/src/main.ts'),
    ...['train', '--name', 'two words', ''],
  ]);
});

it('installs again only when the lock file has changed', async () => {
  await checkout.start([]);
  expect(await checkout.start([])).toMatchObject({ status: 0, stderr: '' });
  expect(checkout.installations()).toBe(1);
  checkout.changeLockFile('{"changed": true}');
  await checkout.start([]);
  expect(checkout.installations()).toBe(2);
});

it('installs once when two start at the same time', async () => {
  const both = await Promise.all([checkout.start(['a']), checkout.start(['b'])]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(checkout.installations()).toBe(1);
});

it('takes over from an installation whose process is gone', async () => {
  mkdirSync(join(checkout.folder, '.weft/install.lock'), { recursive: true });
  writeFileSync(join(checkout.folder, '.weft/install.lock/pid'), '999999999\n');
  expect(await checkout.start([])).toMatchObject({ status: 0 });
  expect(checkout.installations()).toBe(1);
});

it('works through symbolic links', async () => {
  const link = join(dirname(checkout.folder), 'link');
  symlinkSync('checkout/weft', link);
  const { stdout } = await checkout.start(['doctor'], link);
  expect(stdout).toContain(join(realpathSync(checkout.folder), 'services/cli/src/main.ts'));
});

it('starts the checks apart from the command line', async () => {
  const { stdout } = await checkout.start(['test', 'lint']);
  expect(stdout.split('\n').slice(-3)).toEqual([
    join(realpathSync(checkout.folder), 'tools/src/checks/main.ts'),
    'lint',
    '',
  ]);
});

it('lists every missing program at once and installs nothing', async () => {
  for (const program of ['git', 'node', 'npm']) checkout.remove(program);
  const { status, stderr } = await checkout.start([]);
  expect(status).toBe(1);
  for (const program of ['git', 'node', 'npm']) expect(stderr).toContain(`${program} is missing`);
  expect(existsSync(join(checkout.folder, 'node_modules'))).toBe(false);
});

it('refuses a Node too old to install with, naming its version', async () => {
  checkout.put('node', 'if [ "$1" = --version ]; then echo v18.2.0; else echo 18; fi');
  const { status, stderr } = await checkout.start([]);
  expect(status).toBe(1);
  expect(stderr).toContain('node is v18.2.0: 20 or newer');
});

it('says what to do when npm fails, and lets the next start try again', async () => {
  checkout.put('npm', 'echo "npm error no network" >&2; exit 1');
  const first = await checkout.start([]);
  expect(first.status).toBe(1);
  expect(first.stderr).toContain('npm ci failed');
  expect(existsSync(join(checkout.folder, '.weft/install.lock'))).toBe(false);
});

it('uses the machine’s own Node where the pinned one was not installed and it is new enough', async () => {
  checkout.put('npm', 'rm -rf node_modules; mkdir node_modules');
  checkout.put('node', 'if [ "$1" = -p ]; then echo 24; else echo "own node: $*"; fi');
  const { status, stdout } = await checkout.start(['doctor']);
  expect(status).toBe(0);
  expect(stdout).toContain('own node: --disable-warning');
});

it('says that no Node 24 was found where neither is there', async () => {
  checkout.put('npm', 'rm -rf node_modules; mkdir node_modules');
  const { status, stderr } = await checkout.start(['doctor']);
  expect(status).toBe(1);
  expect(stderr).toContain('no Node 24');
});
