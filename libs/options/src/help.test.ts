import { expect, test } from 'vitest';
import { addressOption } from './address-option.ts';
import { durationOption, formatDuration } from './duration-option.ts';
import { flagOption } from './flag-option.ts';
import { renderHelp } from './help.ts';
import { listOption } from './list-option.ts';
import { integerOption } from './number-option.ts';
import { parseOptions } from './parse-options.ts';
import { printableSettings } from './printable-settings.ts';
import { choiceOption, stringOption } from './text-option.ts';

const command = {
  name: 'weft demo',
  summary: 'Shows how a help page looks.',
  options: {
    model: choiceOption({
      summary: 'The architecture.',
      choices: ['initial-nn', 'simple-cnn'],
      required: true,
      alias: 'm',
    }),
    epochs: integerOption({ summary: 'Passes over the training examples.', min: 1, max: 10_000, default: 5 }),
    heartbeatTimeout: durationOption({
      summary: 'How long a trainer may be silent before it is taken for lost.',
      default: 10_000,
      environment: 'WEFT_HEARTBEAT_TIMEOUT',
      section: 'Cluster',
    }),
    json: flagOption({ summary: 'Prints one JSON object a line.' }),
    color: flagOption({ summary: 'Prints with colours.', default: true }),
    listen: addressOption({ summary: 'Where to serve.', default: '127.0.0.1:7070' }),
    token: stringOption({ summary: 'A password.', secret: true, section: 'Cluster' }),
    rates: listOption({ summary: 'Rates.', item: integerOption({ summary: 'rate' }) }),
  },
  operands: { run: stringOption({ summary: 'The run.', placeholder: 'RUN', required: true }) },
  notes: ['The digest of the final weights depends on the configuration alone.'],
  examples: ['weft demo -m initial-nn my-run'],
};

test('a help page lists arguments, options by section, rules, defaults, variables and examples', () => {
  expect(renderHelp(command)).toMatchInlineSnapshot(`
    "Shows how a help page looks.

    Usage: weft demo [options] RUN

    Arguments:
      RUN                             The run. (required)

    Options:
      -m, --model NAME                The architecture. (one of initial-nn, simple-cnn; required)
      --epochs N                      Passes over the training examples. (an integer from 1 to 10000;
                                      default 5)
      --json                          Prints one JSON object a line.
      --[no-]color                    Prints with colours. (default true)
      --listen HOST:PORT              Where to serve. (default 127.0.0.1:7070)
      --rates N,...                   Rates. (a list separated by commas, each an integer)

    Cluster:
      --heartbeat-timeout DURATION    How long a trainer may be silent before it is taken for lost. (a
                                      duration with its unit, such as 500ms, 10s or 2m, at most 596h;
                                      default 10s; WEFT_HEARTBEAT_TIMEOUT)
      --token TEXT                    A password.

    The digest of the final weights depends on the configuration alone.

    Examples:
      weft demo -m initial-nn my-run"
  `);
});

test('no line of a help page is wider than 100 characters', () => {
  for (const line of renderHelp(command).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('settings print as typed, secrets masked, what has no value left out', () => {
  const parsed = parseOptions(command, ['-m', 'initial-nn', '--token', 'abc', 'r1', '--rates', '1,2'], {});
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  expect(printableSettings(command, parsed.values)).toEqual({
    model: 'initial-nn',
    epochs: '5',
    'heartbeat-timeout': '10s',
    json: 'false',
    color: 'true',
    listen: '127.0.0.1:7070',
    token: '***',
    rates: '1,2',
  });
});

test.each([
  [0, '0ms'],
  [250, '250ms'],
  [10_000, '10s'],
  [90_000, '90s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
])('%i ms prints as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
