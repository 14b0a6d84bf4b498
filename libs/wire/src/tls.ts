/** Credentials from certificate files. Without files, connections are plain; with a CA, both ends prove who they are. */
import { credentials, ServerCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import { describeError, WeftError } from '@weft/core';
import { readFile } from 'node:fs/promises';

/** Paths of PEM files. With `ca`, a server demands a client certificate that this authority has signed. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * What a client connects with.
 *
 * @throws WeftError `not-found` for a file that cannot be read, `invalid-argument` for one that is no PEM of its kind.
 */
export async function clientCredentials(files: TlsFiles | undefined): Promise<ChannelCredentials> {
  if (files === undefined) return credentials.createInsecure();
  const { ca, cert, key } = await readAll(files);
  return fromFiles(files, () => credentials.createSsl(ca, key, cert));
}

/** What a server listens with: mutual TLS, or plain without files. Errors as for `clientCredentials`. */
export async function serverCredentials(files: TlsFiles | undefined): Promise<ServerCredentials> {
  if (files === undefined) return ServerCredentials.createInsecure();
  const { ca, cert, key } = await readAll(files);
  return fromFiles(files, () => ServerCredentials.createSsl(ca, [{ cert_chain: cert, private_key: key }], true));
}

async function readAll(files: TlsFiles): Promise<Record<keyof TlsFiles, Buffer>> {
  const ca = await readPem('TLS authority', files.ca);
  const cert = await readPem('TLS certificate', files.cert);
  const key = await readPem('TLS key', files.key);
  return { ca, cert, key };
}

async function readPem(what: string, path: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new WeftError('not-found', `${what} ${path} cannot be read: ${describeError(cause)}`, { cause });
  }
  if (bytes.includes('-----BEGIN ')) return bytes;
  throw new WeftError('invalid-argument', `${what} ${path} is no PEM file: it has no "-----BEGIN" line`);
}

function fromFiles<Made>(files: TlsFiles, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    const names = `${files.cert} and ${files.key} (authority ${files.ca})`;
    throw new WeftError('invalid-argument', `TLS files ${names} do not work: ${describeError(cause)}`, { cause });
  }
}
