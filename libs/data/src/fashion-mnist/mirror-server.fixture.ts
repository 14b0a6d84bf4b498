/** A mirror on 127.0.0.1 that serves the tiny files, well or badly, and remembers what it was asked. */
import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { fileRoles } from './official-files.ts';
import { compressedBytes, compressedName } from './tiny-files.fixture.ts';

/** One request: the file's name, the first byte asked for, and how many requests for that file came before. */
export interface MirrorRequest {
  readonly file: string;
  readonly from: number;
  readonly earlier: number;
}

/** How to answer a request. */
export type Behaviour =
  | { readonly kind: 'serve' }
  /** Answers 200 with the whole file, whatever range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Answers 206 with another range than asked for. */
  | { readonly kind: 'wrong-range' }
  /** Sends this many bytes and drops the connection. */
  | { readonly kind: 'drop-after'; readonly bytes: number }
  /** Sends this many bytes and ends properly, with a length that fits. */
  | { readonly kind: 'end-after'; readonly bytes: number }
  /** Never answers. */
  | { readonly kind: 'silent' }
  /** Sends this many bytes and then nothing more. */
  | { readonly kind: 'stall-after'; readonly bytes: number }
  | { readonly kind: 'status'; readonly status: number }
  /** Sends the client elsewhere: to the mirror with this base URL. */
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'other-content'; readonly content: Uint8Array };

/** A running mirror. */
export interface Mirror {
  readonly url: string;
  readonly requests: readonly MirrorRequest[];
}

/** Starts a mirror on a free port; it stops when the test ends. */
export async function startMirror(
  behave: (request: MirrorRequest) => Behaviour = () => ({ kind: 'serve' }),
): Promise<Mirror> {
  const requests: MirrorRequest[] = [];
  const server = createServer((incoming, response) => {
    const file = (incoming.url ?? '').replace(/^.*\//, '');
    const from = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
    const request = { file, from, earlier: requests.filter((other) => other.file === file).length };
    requests.push(request);
    answer(response, request, behave(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${String(port)}/mirror/`, requests };
}

function answer(response: ServerResponse, request: MirrorRequest, behaviour: Behaviour): void {
  const role = fileRoles.find((candidate) => compressedName(candidate) === request.file);
  if (role === undefined) {
    response.writeHead(404).end();
    return;
  }
  const whole = behaviour.kind === 'other-content' ? behaviour.content : compressedBytes(role);
  const from = behaviour.kind === 'ignore-range' ? 0 : request.from;
  const rest = whole.subarray(from);
  const sendHead = (length: number): void => {
    const start = behaviour.kind === 'wrong-range' ? from + 1 : from;
    const range = { 'content-range': `bytes ${String(start)}-${String(whole.length - 1)}/${String(whole.length)}` };
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': length, ...(from > 0 ? range : {}) });
  };
  switch (behaviour.kind) {
    case 'silent':
      return;
    case 'status':
      response.writeHead(behaviour.status).end('no such thing');
      return;
    case 'redirect':
      response.writeHead(302, { location: `${behaviour.to}${request.file}` }).end();
      return;
    case 'drop-after':
      sendHead(rest.length);
      response.write(rest.subarray(0, behaviour.bytes), () => response.destroy());
      return;
    case 'stall-after':
      sendHead(rest.length);
      response.flushHeaders();
      if (behaviour.bytes > 0) response.write(rest.subarray(0, behaviour.bytes));
      return;
    case 'end-after':
      sendHead(behaviour.bytes);
      response.end(rest.subarray(0, behaviour.bytes));
      return;
    case 'serve':
    case 'ignore-range':
    case 'wrong-range':
    case 'other-content':
      sendHead(rest.length);
      response.end(rest);
  }
}
