/** Reads what a store has written as text. */
import { describeError, WeftError } from '@weft/core';
import { fromJson, type DescMessage, type JsonValue, type MessageShape } from '@weft/wire';

/** The message that was stored as `text`. Throws 'corrupt' naming `what` where it is none any more. */
export function messageOf<D extends DescMessage>(schemaOf: D, text: unknown, what: string): MessageShape<D> {
  return read(text, what, (json) => fromJson(schemaOf, json));
}

/** The value that was stored as `text`. Throws 'corrupt' naming `what` where it is none any more. */
export function valueOf(text: unknown, what: string): unknown {
  return read(text, what, (json) => json);
}

function read<T>(text: unknown, what: string, make: (json: JsonValue) => T): T {
  try {
    return make(JSON.parse(String(text)) as JsonValue);
  } catch (cause) {
    throw new WeftError('corrupt', `the store is damaged: ${what} cannot be read: ${describeError(cause)}`, { cause });
  }
}
