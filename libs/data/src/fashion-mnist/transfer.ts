/**
 * One attempt to bring the rest of one file over HTTP into a `.part` file.
 *
 * The part file is what makes a download resumable: it always holds a prefix of what some mirror sent, and nothing else.
 * Whether that is the right content is not decided here (see `download.ts`).
 */
import { open, rm, stat } from 'node:fs/promises';
import { WeftError } from '@weft/core';
import { ConnectionFailure, httpGet, type HttpResponse, type TransferLimits } from './http-response.ts';

const maxRedirections = 3;

/** How an attempt ended. */
export type TransferOutcome =
  | { readonly kind: 'complete' }
  /** The server answered, but broke off; another attempt can go on where this one stopped. */
  | { readonly kind: 'interrupted'; readonly problem: string; readonly receivedBytes: number }
  /** The server did not answer, or not with the file. */
  | { readonly kind: 'refused'; readonly problem: string };

/**
 * Asks `url` for what `partPath` lacks of `totalBytes` and appends it; `onBytes` hears the size of the part file as it
 * grows. Throws 'cancelled' when `limits.signal` is aborted, and the errors of the file system as they are.
 */
export async function transferRest(
  url: string,
  partPath: string,
  totalBytes: number,
  limits: TransferLimits,
  onBytes: (bytes: number) => void,
): Promise<TransferOutcome> {
  const present = await sizeOf(partPath);
  if (present === totalBytes) return { kind: 'complete' };
  const have = present < totalBytes ? present : 0;
  let response: HttpResponse | undefined;
  try {
    response = await followRedirections(url, have, limits);
    const { status, statusText } = response;
    if (status !== 200 && status !== 206) {
      return { kind: 'refused', problem: `answered ${String(status)} ${statusText}`.trimEnd() };
    }
    const range = response.header('content-range') ?? '(none)';
    if (status === 206 && !range.startsWith(`bytes ${String(have)}-`)) {
      await rm(partPath, { force: true });
      return { kind: 'refused', problem: `answered with the range ${range}` };
    }
    const start = status === 206 ? have : 0;
    const size = await append(response, partPath, start, totalBytes, onBytes);
    if (size === totalBytes) return { kind: 'complete' };
    if (size > totalBytes) {
      await rm(partPath, { force: true });
      return { kind: 'refused', problem: `sends more than the ${String(totalBytes)} bytes of the official file` };
    }
    const problem = `ended after ${String(size)} of ${String(totalBytes)} bytes`;
    return { kind: 'interrupted', problem, receivedBytes: size - start };
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    if (limits.signal?.aborted === true) throw new WeftError('cancelled', `the download of ${url} was cancelled`);
    if (response === undefined) return { kind: 'refused', problem: error.message };
    const receivedBytes = Math.max(0, (await sizeOf(partPath)) - have);
    return { kind: 'interrupted', problem: error.message, receivedBytes };
  } finally {
    response?.close();
  }
}

/** The first answer that is no redirection, asked for from byte `from` on. */
async function followRedirections(url: string, from: number, limits: TransferLimits): Promise<HttpResponse> {
  // The published files are compressed already, and the checksum is over those bytes.
  const headers = { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${String(from)}-` } : {}) };
  let at = url;
  for (let redirections = 0; ; redirections++) {
    const response = await httpGet(at, headers, limits);
    const target = [301, 302, 303, 307, 308].includes(response.status) ? response.header('location') : undefined;
    if (target === undefined || redirections === maxRedirections) return response;
    response.close();
    at = new URL(target, at).href;
  }
}

/** Writes the body behind the first `start` bytes of the part file; returns its new size, at once when that is too much. */
async function append(
  response: HttpResponse,
  partPath: string,
  start: number,
  totalBytes: number,
  onBytes: (bytes: number) => void,
): Promise<number> {
  await using file = await open(partPath, start > 0 ? 'a' : 'w');
  let size = start;
  for await (const piece of response.pieces()) {
    size += piece.length;
    if (size > totalBytes) return size;
    await file.appendFile(piece);
    onBytes(size);
  }
  await file.sync();
  return size;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
