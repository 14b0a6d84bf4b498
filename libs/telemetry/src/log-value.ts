/** What may stand in the fields of a log line, made safe to print: secrets masked, depth and types tamed. */
import { describeError, WeftError } from '@weft/core';

/** A value as JSON knows it. */
export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [name: string]: LogValue };

const secretName = /passw|passphrase|secret|token|authorization|credential|api_?key|private_?key/i;
const secretInUrl = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const mask = '***';
const maxDepth = 6;

/**
 * A printable copy of a field. The value of a name that sounds like a secret becomes `***`, and so does the password in a URL.
 * Errors become their code and text, with the stack where it is a bug; big integers become numbers where those are exact.
 */
export function logValue(name: string, value: unknown, depth = 0): LogValue {
  if (secretName.test(name) && value !== undefined && value !== null) return mask;
  if (typeof value === 'string') return maskSecrets(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Error) return errorValue(value);
  if (depth >= maxDepth) return '…';
  if (ArrayBuffer.isView(value)) return `${String(value.byteLength)} bytes`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Map || value instanceof Set) return logValue(name, [...value], depth);
  if (Array.isArray(value)) return value.map((item) => logValue('', item, depth + 1));
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, logValue(key, item, depth + 1)]));
}

/** The text, with passwords in URLs masked. */
export function maskSecrets(text: string): string {
  return text.replace(secretInUrl, `$1:${mask}@`);
}

function errorValue(error: Error): LogValue {
  const message = maskSecrets(describeError(error));
  if (error instanceof WeftError) return { code: error.code, message };
  return { message, stack: maskSecrets(error.stack ?? '') };
}
