import { expect, test } from 'vitest';
import { addressOption } from './address-option.ts';

const port = addressOption({ summary: 'where' });
const portOrSocket = addressOption({ summary: 'where', socket: true });

test.each(['127.0.0.1:7070', '[::1]:0', 'coordinator:65535'])('%s is an address', (text) => {
  expect(port.read(text)).toEqual({ ok: true, value: text });
  expect(portOrSocket.read(text)).toEqual({ ok: true, value: text });
});

test('a socket is an address where sockets are meant', () => {
  expect(portOrSocket.read('unix:/run/weft.sock')).toEqual({ ok: true, value: 'unix:/run/weft.sock' });
  expect(port.read('unix:/run/weft.sock').ok).toBe(false);
});

test.each(['', '7070', 'host', 'host:65536', ':7070', 'unix:', 'unix:relative', `unix:/${'x'.repeat(107)}`])(
  '%j is refused with the rule',
  (text) => {
    expect(portOrSocket.read(text)).toEqual({ ok: false, rule: expect.stringContaining('unix:/PATH') as string });
  },
);
