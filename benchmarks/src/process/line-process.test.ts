import process from 'node:process';
import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { runForJson, runLines } from './line-process.ts';

const program = (source: string, timeoutMs = 20_000, signal = new AbortController().signal) => ({
  title: 'the program',
  command: process.execPath,
  argv: ['-e', source],
  timeoutMs,
  signal,
});
const endless = 'setInterval(() => console.log(process.pid), 5)';
const codeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'ended well',
    (thrown: unknown) => (thrown instanceof WeftError ? thrown.code : 'no WeftError'),
  );

test('the last line of JSON is what a program says', async () => {
  const source = 'console.log(1); console.log(JSON.stringify({ a: 1 })); console.log(JSON.stringify({ a: 2 }))';
  expect(await runForJson(program(source))).toEqual({ a: 2 });
  expect(await codeOf(runForJson(program('console.log("nothing")')))).toBe('internal');
});

test('a program that was heard enough is ended, and has ended when that is told', async () => {
  const lines: string[] = [];
  const take = (line: string): 'more' | 'enough' => (lines.push(line) < 3 ? 'more' : 'enough');
  await runLines({ ...program(endless), take });
  expect(lines).toHaveLength(3);
  expect(() => process.kill(Number(lines[0]), 0)).toThrow('ESRCH');
});

test('a failure carries the end of what the program said about it', async () => {
  const failing = runForJson(program('console.error("no such data"); process.exit(3)'));
  await expect(failing).rejects.toThrow('the program ended with status 3: no such data');
  expect(await codeOf(runForJson({ ...program(''), command: '/no/such/program' }))).toBe('unavailable');
});

test('a program that takes too long is ended', async () => {
  expect(await codeOf(runForJson(program(endless, 200)))).toBe('timeout');
});

test('an interruption ends the program, or keeps it from starting', async () => {
  const stop = new AbortController();
  const take = (): 'more' => {
    stop.abort();
    return 'more';
  };
  expect(await codeOf(runLines({ ...program(endless, 20_000, stop.signal), take }))).toBe('cancelled');
  expect(await codeOf(runForJson(program(endless, 20_000, stop.signal)))).toBe('cancelled');
});
