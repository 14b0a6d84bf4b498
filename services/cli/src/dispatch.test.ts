import { WeftError } from '@weft/core';
import { flagOf } from '@weft/options';
import { expect, test } from 'vitest';
import { commands } from './commands/catalogue.ts';
import { fakeContext } from './context.fixture.ts';
import { dispatch, errorText, serviceOf } from './dispatch.ts';

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { context, out, err } = fakeContext();
  const code = await dispatch(argv, '1.2.3', context);
  return { code, out: out(), err: err() };
}

test.each([[[]], [['help']], [['--help']], [['-h']]])('%j lists every command', async (argv) => {
  const { code, out } = await run(...argv);
  expect(code).toBe(0);
  for (const word of [...commands.keys(), 'coordinator', 'trainer']) expect(out).toContain(`\n  ${word} `);
});

test.each([[['--version']], [['version']]])('%j prints the version', async (argv) => {
  expect(await run(...argv)).toEqual({ code: 0, out: 'weft 1.2.3\n', err: '' });
});

test.each([...commands.keys()])('help of %s comes by both ways and fits 100 columns', async (word) => {
  const words = word.split(' ');
  const page = await run('help', ...words);
  expect(page).toEqual(await run(...words, '--help'));
  expect(page.out).toContain(`Usage: weft ${word}`);
  for (const line of page.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('an unknown command names the nearest and exits with 2', async () => {
  const { code, err } = await run('trian');
  expect(code).toBe(2);
  expect(err).toBe('error: there is no command "trian". Did you mean `weft train`? `weft help` lists them all.\n');
});

test('a command of two words is found before its first word, and misspelt it is named', async () => {
  expect((await run('sweep', 'status')).err).toContain('weft sweep status cannot run:');
  expect((await run('sweep', 'status')).err).toContain('See `weft help sweep status`.');
  expect((await run('sweep', 'statsu', 'x')).err).toBe(
    'error: there is no command "sweep statsu". Did you mean `weft sweep status`? `weft help` lists them all.\n',
  );
  expect((await run('sweep', './status')).err).toContain('cannot read the study file /status');
});

test('all problems of a command line are listed at once', async () => {
  const { code, err, out } = await run('train', '--modle', 'x', '--epochs', '0', '--optimizer', 'adma');
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain('weft train cannot run:\n');
  expect(err).toContain('--modle: there is no such option; did you mean --model?');
  expect(err).toContain('--model: is required');
  expect(err).toContain('--epochs: "0" is not an integer from 1 to 1000000');
  expect(err).toContain('(did you mean adam?)');
  expect(err).toContain('See `weft help train`.');
});

test.each([
  ['sweep extend s --cells 5000000000', '--cells: "5000000000" is not an integer from 0 to 1000000'],
  ['sweep extend s --epochs 1000001', '--epochs: "1000001" is not an integer from 0 to 1000000'],
  [
    'sweep retry s --trials 1,4294967296',
    '--trials: "1,4294967296" is not a list separated by commas, each an integer from 0 to 4294967295',
  ],
  ['sweep whatif s --cells 1000001 --concurrency 1', '--cells: "1000001" is not an integer from 1 to 1000000'],
  ['sweep whatif s --concurrency 1025', '--concurrency: "1025" is not an integer from 1 to 1024'],
])('`weft %s` is refused before anybody is asked', async (line, problem) => {
  const { code, err } = await run(...line.split(' '), '--coordinator', '127.0.0.1:1');
  expect([code, err]).toEqual([2, expect.stringContaining(`cannot run:\n  ${problem}\n`)]);
});

/** Numbers that travel as 64 bits, as text, or not at all. */
const wideOptions = [
  ...['train --seed', 'train --synthetic-seed', 'sweep extend --seeds', 'replay --step'],
  ...['sim --seeds', 'sim --from', 'sim --seed', 'sim --faults'],
];

test('no option takes an integer that the messages for it cannot carry', () => {
  const found = [...commands].flatMap(([word, { specification }]) =>
    Object.entries(specification.options)
      .filter(([, option]) => option.rule.includes('an integer') && option.read(String(2 ** 32)).ok)
      .map(([key]) => `${word} ${flagOf(key)}`),
  );
  expect(found.sort()).toEqual([...wideOptions].sort());
});

test('a model that does not exist names the nearest', async () => {
  const { err } = await run('train', '-m', 'simple-cn');
  expect(err).toContain('(did you mean simple-cnn?)');
});

test('settings that an optimizer does not have are refused before anything is read', async () => {
  const { code, err } = await run('train', '-m', 'initial-nn', '--optimizer', 'sgd', '--beta1', '0.9', '--rho', '0.5');
  expect(code).toBe(2);
  expect(err).toContain('sgd has no option "beta1"');
  expect(err).toContain('sgd has no option "rho"');
});

test('with --json an error is a line too', async () => {
  const { code, out } = await run('resume', 'no-such-run', '--state-dir', '/nonexistent/weft', '--json');
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ event: 'error', code: 'not-found', exitCode: 3 });
});

test('errors print without a stack, bugs say so, and --verbose shows where', () => {
  const error = new WeftError('unavailable', 'no answer', { cause: new Error('refused') });
  expect(errorText(error, false)).toBe('error: no answer: refused\n');
  expect(errorText(new Error('oops'), false)).toBe(
    'error: oops\nThis is a bug of Weft; --verbose shows where it happened.\n',
  );
  expect(errorText(error, true)).toContain('dispatch.test.ts');
});

test('services answer for themselves', () => {
  expect(serviceOf(['coordinator', '--listen', 'x'])).toEqual({ name: 'coordinator', argv: ['--listen', 'x'] });
  expect(serviceOf(['help', 'trainer'])).toEqual({ name: 'trainer', argv: ['--help'] });
  expect(serviceOf(['train'])).toBeUndefined();
});
