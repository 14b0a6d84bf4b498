import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOption } from './address-option.ts';
import { durationOption } from './duration-option.ts';
import { flagOption } from './flag-option.ts';
import { listOption } from './list-option.ts';
import { integerOption, numberOption } from './number-option.ts';
import { asksForHelp, parseOptions } from './parse-options.ts';
import { choiceOption, stringOption } from './text-option.ts';

const train = {
  name: 'weft train',
  summary: 'Trains a model.',
  options: {
    model: choiceOption({ summary: 'architecture', choices: ['initial-nn', 'simple-cnn'], required: true, alias: 'm' }),
    epochs: integerOption({ summary: 'passes over the data', min: 1, max: 10_000, default: 5 }),
    lr: numberOption({ summary: 'learning rate', above: 0 }),
    json: flagOption({ summary: 'one JSON object a line' }),
    color: flagOption({ summary: 'colours', default: true }),
    rates: listOption({ summary: 'rates', item: numberOption({ summary: 'rate', min: 0 }) }),
    timeout: durationOption({
      summary: 'longest wait',
      default: 10_000,
      minMs: 100,
      environment: 'WEFT_HEARTBEAT_TIMEOUT',
    }),
    listen: addressOption({ summary: 'address', default: '127.0.0.1:7070', environment: 'WEFT_LISTEN' }),
    dataDir: stringOption({ summary: 'folder', environment: 'WEFT_DATA_DIR' }),
    key: stringOption({ summary: 'key', secret: true, accept: { test: (text) => text.length > 3, rule: '4 letters' } }),
  },
  operands: { note: stringOption({ summary: 'a word', placeholder: 'NOTE' }) },
};

const required = ['--model', 'initial-nn'];

const defaults = {
  model: 'initial-nn',
  epochs: 5,
  lr: undefined,
  json: false,
  color: true,
  rates: [],
  timeout: 10_000,
  listen: '127.0.0.1:7070',
  dataDir: undefined,
  key: undefined,
  note: undefined,
};

test('what is left out has its default', () => {
  const parsed = parseOptions(train, required, {});
  expect(parsed).toEqual({ ok: true, values: defaults, given: new Set(['model']), warnings: [] });
});

test.each([
  [['--epochs', '7'], { epochs: 7 }],
  [['--epochs=7'], { epochs: 7 }],
  [['--lr', '1e-3'], { lr: 0.001 }],
  [['--lr=.5'], { lr: 0.5 }],
  [['--json'], { json: true }],
  [['--no-json'], { json: false }],
  [['--json=yes'], { json: true }],
  [['--no-color'], { color: false }],
  [['--rates', '0.1,0.2', '--rates', '3'], { rates: [0.1, 0.2, 3] }],
  [['--timeout', '1.5m'], { timeout: 90_000 }],
  [['--listen', '[::1]:0'], { listen: '[::1]:0' }],
  [['--data-dir', '/a b/c'], { dataDir: '/a b/c' }],
  [['hello'], { note: 'hello' }],
  [['--', '--epochs'], { note: '--epochs' }],
  [['-1'], { note: '-1' }],
])('%j is read as %j', (argv, expected) => {
  const parsed = parseOptions(train, [...required, ...argv], {});
  expect(parsed).toMatchObject({ ok: true, values: { ...defaults, ...expected } });
});

test.each([
  [['--epochs', '0'], '--epochs: "0" is not an integer from 1 to 10000'],
  [['--epochs', '1.5'], '--epochs: "1.5" is not an integer from 1 to 10000'],
  [['--epochs', 'many'], '--epochs: "many" is not an integer from 1 to 10000'],
  [['--epochs', ''], '--epochs: "" is not an integer from 1 to 10000'],
  [['--epochs'], '--epochs: the value is missing; give an integer from 1 to 10000'],
  [['--epochs', '--json'], '--epochs: the value is missing; give an integer from 1 to 10000'],
  [['--epochs', '1', '--epochs', '2'], '--epochs: given 2 times ("1" and "2"); give it once'],
  [['--epohcs', '3'], '--epohcs: there is no such option; did you mean --epochs?'],
  [['--batch'], '--batch: there is no such option'],
  [['-x'], '-x: there is no such option; did you mean -m?'],
  [['--lr', '-1'], '--lr: "-1" is not a number greater than 0'],
  [['--lr', 'NaN'], '--lr: "NaN" is not a number greater than 0'],
  [['--lr', '1e999'], '--lr: "1e999" is not a number greater than 0'],
  [['--no-json=1'], '--no-json: takes no value, got "1"'],
  [['--json=maybe'], '--json: "maybe" is not true or false'],
  [['--rates', '1,x'], '--rates: "1,x" is not a list separated by commas, each a number at least 0'],
  [
    ['--timeout', '5'],
    '--timeout: "5" is not a duration with its unit, such as 500ms, 10s or 2m, at least 100ms, at most 596h',
  ],
  [
    ['--timeout', '597h'],
    '--timeout: "597h" is not a duration with its unit, such as 500ms, 10s or 2m, at least 100ms, at most 596h',
  ],
  [
    ['--timeout', '1ms'],
    '--timeout: "1ms" is not a duration with its unit, such as 500ms, 10s or 2m, at least 100ms, at most 596h',
  ],
  [['--data-dir', ''], '--data-dir: "" is not a non-empty text'],
  [['--key', 'abc'], '--key: (hidden) is not 4 letters'],
  [['a', 'b', 'c'], '"b", "c": weft train takes 1 at most'],
])('%j is refused: %s', (argv, problem) => {
  const parsed = parseOptions(train, [...required, ...argv], {});
  expect(parsed).toEqual({ ok: false, problems: [problem], warnings: [] });
});

test.each(['127.0.0.1', ':7070', 'host:65536', 'host:', '::1:7070', 'http://host:1', 'a b:1', '[::1]'])(
  'the address %j is refused',
  (text) => {
    const parsed = parseOptions(train, [...required, '--listen', text], {});
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      `--listen: "${text}" is not HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:7070, [::1]:7070 or coordinator:7070`,
    ]);
  },
);

test('all problems come together, in the order of the command line and then of the specification', () => {
  const argv = ['--modle', 'x', '--epochs', '0', '--lr', 'fast', '--listen', 'nowhere'];
  const parsed = parseOptions(train, argv, { WEFT_HEARTBEAT_TIMEOUT: 'soon' });
  expect(parsed.ok ? [] : parsed.problems).toEqual([
    '--modle: there is no such option; did you mean --model?',
    '--model: is required; give one of initial-nn, simple-cnn',
    '--epochs: "0" is not an integer from 1 to 10000',
    '--lr: "fast" is not a number greater than 0',
    'WEFT_HEARTBEAT_TIMEOUT: "soon" is not a duration with its unit, such as 500ms, 10s or 2m, at least 100ms, at most 596h',
    '--listen: "nowhere" is not HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:7070, [::1]:7070 or coordinator:7070',
  ]);
});

test('a choice that does not exist names the nearest one', () => {
  const parsed = parseOptions(train, ['-m', 'simple-cn'], {});
  expect(parsed.ok ? [] : parsed.problems).toEqual([
    '-m: "simple-cn" is not one of initial-nn, simple-cnn (did you mean simple-cnn?)',
  ]);
});

test('the command line goes before the environment, and that before the default; an empty variable is not set', () => {
  const environment = { WEFT_LISTEN: '0.0.0.0:1', WEFT_DATA_DIR: '' };
  expect(parseOptions(train, required, environment)).toMatchObject({
    values: { listen: '0.0.0.0:1', dataDir: undefined },
  });
  expect(parseOptions(train, [...required, '--listen', '0.0.0.0:2'], environment)).toMatchObject({
    values: { listen: '0.0.0.0:2' },
  });
});

test('a WEFT_ variable that nothing reads is a warning with the nearest name', () => {
  const environment = { WEFT_LISTEM: 'x', WEFT_TRAINER_ID: 'a', WEFT_SOMETHING_ELSE: '', HOME: '/' };
  expect(parseOptions(train, required, environment).warnings).toEqual([
    'WEFT_LISTEM: Weft reads no such variable; did you mean WEFT_LISTEN?',
    'WEFT_SOMETHING_ELSE: Weft reads no such variable',
  ]);
});

test('help is asked for only before the end of the options', () => {
  expect(asksForHelp(['--epochs', '3', '-h'])).toBe(true);
  expect(asksForHelp(['--help'])).toBe(true);
  expect(asksForHelp(['--', '--help'])).toBe(false);
  expect(asksForHelp(['help'])).toBe(false);
});

test('no command line makes the parser throw, and a refusal always says why', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('--epochs', '--epochs=3', '--json', '--no-json', '-m', '--', '-', '--=', '=', 'initial-nn', '-5'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
      const parsed = parseOptions(train, argv, {});
      expect(parsed.ok || parsed.problems.length > 0).toBe(true);
    }),
  );
});

test('every integer in range, in either form, comes back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.boolean(), (epochs, attached) => {
      const argv = attached ? [`--epochs=${String(epochs)}`] : ['--epochs', String(epochs)];
      expect(parseOptions(train, [...required, ...argv], {})).toMatchObject({ ok: true, values: { epochs } });
    }),
  );
});

test('a list of whole texts keeps their commas', () => {
  const item = stringOption({ summary: 'a file', accept: { test: (text) => text !== 'bad', rule: 'a good file' } });
  const files = listOption({ summary: 'files', placeholder: 'FILE', item, whole: true, required: true });
  const view = { name: 'weft view', summary: 'Shows files.', options: {}, operands: { files } };
  expect(parseOptions(view, ['a,b.png', ' c'], {})).toMatchObject({ values: { files: ['a,b.png', ' c'] } });
  expect(parseOptions(view, ['a', 'bad'], {})).toMatchObject({ problems: ['FILE: "bad" is not a good file'] });
  expect(parseOptions(view, [], {})).toMatchObject({ problems: ['FILE: is required; give a good file'] });
});
