import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { formatAddress, parseListenAddress } from './listen-address.ts';

test.each([
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['0.0.0.0:7070', { host: '0.0.0.0', port: 7070 }],
  ['[::1]:7070', { host: '::1', port: 7070 }],
  ['[::]:65535', { host: '::', port: 65535 }],
  ['weft-coordinator.ml.svc:7070', { host: 'weft-coordinator.ml.svc', port: 7070 }],
])('%s is read and written back', (text, address) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(formatAddress(address.host, address.port)).toBe(text);
});

test.each([
  '',
  '7070',
  ':7070',
  'localhost',
  'localhost:',
  'localhost:http',
  '::1:7070',
  '[::1]',
  'a b:1',
  'http://host:1',
  'h:99999',
  'h:-1',
])('"%s" is refused by name', (text) => {
  expect(() => parseListenAddress(text)).toThrow(WeftError);
  expect(() => parseListenAddress(text)).toThrow(`"${text}"`);
});
