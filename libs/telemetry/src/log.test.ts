import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { logLevels } from './log-level.ts';
import { createLogger, type Logger, type LogSettings } from './log.ts';

function capture(settings: Partial<LogSettings> = {}): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'debug',
    format: 'json',
    component: 'coordinator',
    stream: { write: (line) => lines.push(line) },
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    ...settings,
  });
  return { logger, lines };
}

function fieldsOf(fields: Record<string, unknown>): unknown {
  const { logger, lines } = capture();
  logger.info('m', fields);
  return (JSON.parse(lines[0] ?? '') as { fields: unknown }).fields;
}

test('a JSON line carries time, level, component, message and fields, and ends in a line feed', () => {
  const { logger, lines } = capture();
  logger.warn('trainer lost', { trainer: 't-1', silentSeconds: 5.5, left: undefined });
  expect(lines).toEqual([
    '{"time":"2026-01-02T03:04:05.678Z","level":"warn","component":"coordinator","message":"trainer lost",' +
      '"fields":{"trainer":"t-1","silentSeconds":5.5}}\n',
  ]);
});

test('a human line is short, quotes what needs it, and has one line whatever the text', () => {
  const { logger, lines } = capture({ format: 'human' });
  logger.info('run\n\u001b[31mstarted', {
    run: 'r-1',
    reason: 'waiting for 2',
    shape: [28, 28],
    empty: '',
    bad: 'a\u009bb',
  });
  expect(lines).toEqual([
    '03:04:05.678 INFO  coordinator: run\\u000a\\u001b[31mstarted run=r-1 reason="waiting for 2" shape=[28,28] empty="" bad=a\\u009bb\n',
  ]);
});

test.each(logLevels)('at level %s only that and weightier lines are written', (level) => {
  const { logger, lines } = capture({ level });
  for (const each of logLevels) logger[each]('m');
  const written = lines.map((line) => (JSON.parse(line) as { level: string }).level);
  expect(written).toEqual(logLevels.slice(logLevels.indexOf(level)));
});

test('a child names its part and carries its fields into every line, its own children too', () => {
  const { logger, lines } = capture();
  logger.child('store', { run: 'r-1' }).child('ledger', { epoch: 2 }).error('full', { run: 'r-2' });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    component: 'coordinator.store.ledger',
    fields: { run: 'r-2', epoch: 2 },
  });
});

test.each(['password', 'api_key', 'authToken', 'TLS_PRIVATE_KEY', 'Authorization', 'clientSecret', 'passphrase'])(
  'the value of %s is masked, however deep it lies',
  (name) => {
    expect(fieldsOf({ settings: { deep: [{ [name]: 'hunter2' }] }, [name]: ['hunter2'] })).toEqual({
      settings: { deep: [{ [name]: '***' }] },
      [name]: '***',
    });
  },
);

test('a password in a URL is masked in fields, messages and errors', () => {
  const { logger, lines } = capture();
  const url = 'http://user:hunter2@proxy:3128/x';
  logger.error(`cannot reach ${url}`, { url, error: new WeftError('unavailable', `no answer from ${url}`) });
  expect(lines[0]).not.toContain('hunter2');
  expect(lines[0]?.match(/http:\/\/user:\*\*\*@proxy:3128/g)).toHaveLength(3);
});

test('an error is told by its code and the texts of its causes, a bug with its stack', () => {
  const cause = new Error('ENOSPC');
  const bug = new TypeError('x is undefined');
  expect(fieldsOf({ error: new WeftError('resource-exhausted', 'cannot save', { cause }), bug })).toEqual({
    error: { code: 'resource-exhausted', message: 'cannot save: ENOSPC' },
    bug: { message: 'x is undefined', stack: bug.stack },
  });
});

test('every kind of value can be printed', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  expect(
    fieldsOf({
      big: 12n,
      huge: 2n ** 60n,
      nan: Number.NaN,
      bytes: new Float32Array(3),
      date: new Date(0),
      map: new Map([['a', 1]]),
      none: null,
      call: () => 1,
    }),
  ).toEqual({
    big: 12,
    huge: '1152921504606846976',
    nan: 'NaN',
    bytes: '12 bytes',
    date: '1970-01-01T00:00:00.000Z',
    map: [['a', 1]],
    none: null,
    call: 'function',
  });
  expect(JSON.stringify(fieldsOf({ cyclic }))).toContain('…');
});
