import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitError, exitText, startChild, type Child } from './child.ts';
import { lastLines } from './log-tail.ts';
import { isAlive, untilGone } from './process-wait.fixture.ts';

let folder = '';
const started: Child[] = [];
const never = new AbortController().signal;
const fixture = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-child-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill();
    await child.exited;
  }
  await rm(folder, { recursive: true });
});

async function start(name: string, ...argv: string[]): Promise<Child> {
  const settings = { name, entry: fixture(`${name}.fixture.ts`), argv, environment: {} };
  const child = await startChild({ ...settings, logPath: join(folder, 'logs', `${name}.log`) });
  started.push(child);
  return child;
}

test('a child says its first line, ends when asked, and leaves all of its output in its log', async () => {
  const child = await start('sleeper');
  const line = await child.firstLine(20_000, never);
  expect(line).toBe(`ready ${String(child.pid)}`);
  expect(await child.terminate(10_000)).toEqual({ code: 0, signal: null });
  expect(isAlive(child.pid)).toBe(false);
  expect((await readFile(child.logPath, 'utf8')).split('\n').sort()).toEqual(['', 'a line of log', line]);
});

test('a child that does not end when asked is killed', async () => {
  const child = await start('sleeper', 'stubborn');
  await child.firstLine(20_000, never);
  expect(await child.terminate(300)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isAlive(child.pid)).toBe(false);
});

test('a child that fails is an error with its exit code, its log and the end of it', async () => {
  const child = await start('failing');
  const exit = await child.exited;
  expect(exit.code).toBe(5);
  const error = await exitError(child, exit);
  expect(error.code).toBe('unavailable');
  expect(error.message).toContain(`failing ended with exit code 5; its log is ${child.logPath}.`);
  expect(error.message).toContain('\n  | cannot go on: the cause');
  expect(await child.terminate(100)).toEqual(exit);
});

test('waiting for the first line ends by cancellation and by time', async () => {
  const child = await start('mute');
  await expect(child.firstLine(20_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  await expect(child.firstLine(50, never)).rejects.toMatchObject({ code: 'timeout' });
});

test.each(['SIGKILL', 'SIGTERM'] as const)('a child does not outlive a parent that %s ends', async (signal) => {
  const logPath = join(folder, 'sleeper.log');
  const parent = spawn(process.execPath, [fixture('parent.fixture.ts'), 'plain', logPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
  });
  expect(isAlive(pid)).toBe(true);
  parent.kill(signal);
  await untilGone(pid, 20_000);
});

test('not even a child that ignores SIGTERM does', async () => {
  const parent = spawn(process.execPath, [fixture('parent.fixture.ts'), 'stubborn', join(folder, 'sleeper.log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
  });
  parent.kill('SIGKILL');
  await untilGone(pid, 20_000);
});

test('exits read as people say them', () => {
  expect(exitText({ code: 3, signal: null })).toBe('ended with exit code 3');
  expect(exitText({ code: null, signal: 'SIGKILL' })).toBe('was killed by SIGKILL');
});

test('a log that does not exist has no last lines', async () => {
  expect(await lastLines(join(folder, 'nothing'), 5)).toEqual([]);
});
