/** What this machine brings, apart from engines and data. */
import { constants } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { describeError } from '@weft/core';
import type { Finding } from './finding.ts';

const leastNodeMajor = 24;
const leastMemoryBytes = 1 << 30;

/** Node, processor, memory, a port, and a place to write. */
export async function checkMachine(stateDirectory: string): Promise<Finding[]> {
  return [
    checkNode(process.version),
    checkProcessor(),
    checkMemory(totalmem()),
    await checkPort(),
    await checkState(stateDirectory),
  ];
}

/** Types are stripped by Node itself from version 24 on. */
export function checkNode(version: string): Finding {
  const major = Number(version.replace(/^v/, '').split('.')[0]);
  if (major >= leastNodeMajor) return { name: 'node', state: 'good', text: version };
  const text = `${version} is older than ${String(leastNodeMajor)}`;
  return { name: 'node', state: 'bad', text, remedy: 'start Weft by ./weft, which brings its own Node' };
}

function checkProcessor(): Finding {
  const cores = availableParallelism();
  const model = cpus()[0]?.model ?? 'unknown model';
  return { name: 'processor', state: 'good', text: `${String(cores)} cores, ${model}, ${process.arch}` };
}

/** A run of the largest architecture takes less than this; the small ones much less. */
export function checkMemory(bytes: number): Finding {
  const text = `${(bytes / (1 << 30)).toFixed(1)} GiB`;
  if (bytes >= leastMemoryBytes) return { name: 'memory', state: 'good', text };
  return {
    name: 'memory',
    state: 'doubtful',
    text,
    remedy: 'train on one trainer only, or on a machine with more memory',
  };
}

async function checkPort(): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const remedy = 'let processes listen on 127.0.0.1 (a sandbox or a firewall forbids it)';
      resolve({ name: 'network', state: 'bad', text: `no port on 127.0.0.1: ${describeError(error)}`, remedy });
    });
    server.listen(0, '127.0.0.1', () => {
      server.close(() => resolve({ name: 'network', state: 'good', text: '127.0.0.1 gives free ports' }));
    });
  });
}

async function checkState(directory: string): Promise<Finding> {
  const probe = join(directory, `.doctor-${String(process.pid)}`);
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    await writeFile(probe, 'x');
    await rm(probe);
    return { name: 'state', state: 'good', text: `${directory} can be written` };
  } catch (thrown) {
    const text = `${directory} cannot be written: ${describeError(thrown)}`;
    return { name: 'state', state: 'bad', text, remedy: 'choose another directory with --state-dir or WEFT_STATE_DIR' };
  }
}
