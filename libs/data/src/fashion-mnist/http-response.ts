/**
 * An HTTP GET of which every wait is bounded.
 *
 * Node's `fetch` is not used: it keeps connections in a pool of its own, while a `ClientRequest` and its connection are
 * destroyed for certain, so that no download outlives its caller or keeps the process alive.
 */
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { describeError } from '@weft/core';

/** How long an attempt may wait, and who may end it. */
export interface TransferLimits {
  /** From the request to the response's header. */
  readonly connectTimeoutMs: number;
  /** From one piece of the body to the next. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The network, as opposed to the file system, failed, or was waited for too long. */
export class ConnectionFailure extends Error {}

/** A response whose header has come. Its owner calls `close` when done with it, read to the end or not. */
export class HttpResponse {
  readonly #message: IncomingMessage;
  readonly #limits: TransferLimits;

  constructor(message: IncomingMessage, limits: TransferLimits) {
    this.#message = message;
    this.#limits = limits;
  }

  /** The status code, and the server's words for it. */
  get status(): number {
    return this.#message.statusCode ?? 0;
  }

  get statusText(): string {
    return this.#message.statusMessage ?? '';
  }

  /** The value of a header, by its lower-case name; undefined where it is not there, or there more than once. */
  header(name: string): string | undefined {
    const value = this.#message.headers[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The pieces of the body as they come. Throws `ConnectionFailure`. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const body = this.#message.iterator({ destroyOnReturn: true }) as AsyncIterator<Uint8Array>;
    for (;;) {
      const { idleTimeoutMs, signal } = this.#limits;
      const next = await within(body.next(), idleTimeoutMs, signal, 'the server stopped sending', () => {
        this.close();
      });
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** Closes the connection if it is still open. */
  close(): void {
    this.#message.destroy();
  }
}

/** Asks for `url` (http or https). Redirections are returned, not followed. Throws `ConnectionFailure`. */
export async function httpGet(
  url: string,
  headers: Readonly<Record<string, string>>,
  limits: TransferLimits,
): Promise<HttpResponse> {
  const get = url.startsWith('https:') ? getSecure : getPlain;
  // A connection of its own: nothing is left open in a pool when the download ends.
  const request = get(url, { headers, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  const { connectTimeoutMs, signal } = limits;
  const message = await within(answered, connectTimeoutMs, signal, 'the server did not answer', () =>
    request.destroy(),
  );
  // An error before the body is read is reported to its reader; without a listener it would end the process.
  message.on('error', () => undefined);
  return new HttpResponse(message, limits);
}

/** Where a name has several addresses, Node reports a failure for each, under an error without a message. */
function describeFailure(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(describeError).join('; ') : describeError(error);
}

/**
 * The result of `operation` if it comes within `timeoutMs` and before `signal` is aborted. Otherwise, and when it fails, calls
 * `abandon` and throws a `ConnectionFailure` that says why.
 */
async function within<T>(
  operation: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  problem: string,
  abandon: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const overrun = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${problem} for ${String(timeoutMs)} ms`));
    }, timeoutMs);
    stop = (): void => {
      reject(new Error('cancelled'));
    };
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([operation, overrun]);
  } catch (error) {
    abandon();
    throw new ConnectionFailure(describeFailure(error), { cause: error });
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}
