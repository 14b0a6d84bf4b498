import { Metadata, status } from '@grpc/grpc-js';
import { errorCodes, WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { errorTable, exitCodeOf, fromStatus, toStatus } from './error-table.ts';

test('every failure code has a gRPC status and an exit code of its own', () => {
  const mappings = errorCodes.map((code) => errorTable[code]);
  expect(new Set(mappings.map(({ grpcStatus }) => grpcStatus)).size).toBe(errorCodes.length);
  expect(new Set(mappings.map(({ exitCode }) => exitCode)).size).toBe(errorCodes.length);
  expect(mappings.map(({ grpcStatus }) => grpcStatus)).not.toContain(status.OK);
  expect(mappings.map(({ exitCode }) => exitCode)).not.toContain(0);
});

test.each(errorCodes)('%s keeps its code and message across the wire', (code) => {
  const back = fromStatus(toStatus(new WeftError(code, 'run "r1": größer als 3 %')), 'GetRun at here');
  expect(back).toBeInstanceOf(WeftError);
  expect({ code: back.code, message: back.message }).toEqual({ code, message: 'run "r1": größer als 3 %' });
});

test.each(errorCodes)('%s is recognized by its status alone, as another program would send it', (code) => {
  const sent = { code: errorTable[code].grpcStatus, details: 'why', metadata: new Metadata() };
  const back = fromStatus(sent, 'GetRun at here');
  expect({ code: back.code, message: back.message }).toEqual({ code, message: 'GetRun at here failed: why' });
});

test.each([
  { name: 'UNKNOWN', code: 'internal' },
  { name: 'PERMISSION_DENIED', code: 'precondition-failed' },
  { name: 'UNAUTHENTICATED', code: 'precondition-failed' },
  { name: 'ABORTED', code: 'unavailable' },
] as const)('the foreign status $name means $code', ({ name, code }) => {
  expect(fromStatus({ code: status[name], details: '' }, 'a call').code).toBe(code);
});

test('a message over the limit of grpc-js is too large, an exhausted peer is not', () => {
  const limit = { code: status.RESOURCE_EXHAUSTED, details: 'Received message larger than max (9 vs 8)' };
  expect(fromStatus(limit, 'a call').code).toBe('too-large');
  expect(fromStatus({ ...limit, details: 'disk full' }, 'a call').code).toBe('resource-exhausted');
});

test('the messages of causes are kept', () => {
  const error = new WeftError('unavailable', 'cannot save', { cause: new Error('disk full') });
  expect(toStatus(error).details).toBe('cannot save: disk full');
});

test('what is no WeftError is internal, in status and exit code', () => {
  expect(toStatus(new TypeError('x is undefined')).code).toBe(status.INTERNAL);
  expect(exitCodeOf(new TypeError('x is undefined'))).toBe(1);
  expect(exitCodeOf(new WeftError('cancelled', 'stopped'))).toBe(130);
});

test('a message too long for a header is cut', () => {
  const { details } = toStatus(new WeftError('internal', 'é'.repeat(100_000)));
  expect(details).toHaveLength(4096);
  expect(details.endsWith('…')).toBe(true);
});
