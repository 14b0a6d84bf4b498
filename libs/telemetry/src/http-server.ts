/**
 * The HTTP side of a service: `/metrics`, `/healthz`, `/readyz`, and routes that a service adds.
 *
 * It answers only, and decides nothing: whether the process is healthy or ready is asked of the caller at each request.
 */
import { describeError, WeftError } from '@weft/core';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

/** Whether the process can be used, and why not. */
export interface Readiness {
  readonly ok: boolean;
  /** What is still missing, or what is wrong: `no trainer is attached`. */
  readonly reasons: readonly string[];
}

/** One page. Answers GET, and HEAD by the same function without its body. */
export interface HttpRoute {
  /** Exact path, or with a trailing `*` every path that begins so. */
  readonly path: string;
  /** Writes and ends the response. What it throws becomes a 500. */
  respond(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

export interface HttpServerSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly registry: Registry;
  /** Whether the process works at all; where it does not, an orchestrator restarts it. */
  readonly health: () => Readiness;
  /** Whether the process can take work now. */
  readonly ready: () => Readiness;
  readonly routes?: readonly HttpRoute[];
  /** Told what a route threw. */
  readonly reportBug: (thrown: unknown, path: string) => void;
}

export interface RunningHttpServer {
  /** The port in use, also when the settings said 0. */
  readonly port: number;
  /** `host:port` with that port. */
  readonly address: string;
  /** Stops listening, lets answers finish for `graceMs` milliseconds, then cuts the rest. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws WeftError `already-exists` for a taken port, `unavailable` for an address that cannot be used.
 */
export async function startHttpServer(settings: HttpServerSettings): Promise<RunningHttpServer> {
  const routes = [...standardRoutes(settings), ...(settings.routes ?? [])];
  const server = createServer((request, response) => {
    void answer(routes, request, response, settings.reportBug);
  });
  // A client that sends or reads nothing must not hold a connection for long.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 256;
  const port = await listen(server, settings.host, settings.port);
  let stopped: Promise<void> | undefined;
  return {
    port,
    address: addressText(settings.host, port),
    stop: (graceMs) => (stopped ??= stopServer(server, graceMs)),
  };
}

function standardRoutes({ registry, health, ready }: HttpServerSettings): HttpRoute[] {
  return [
    {
      path: '/metrics',
      respond: async (_request, response) => {
        const text = await registry.metrics();
        send(response, 200, registry.contentType, text);
      },
    },
    {
      path: '/healthz',
      respond: (_request, response) => {
        sendReadiness(response, health());
      },
    },
    {
      path: '/readyz',
      respond: (_request, response) => {
        sendReadiness(response, ready());
      },
    },
  ];
}

async function answer(
  routes: readonly HttpRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  reportBug: HttpServerSettings['reportBug'],
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = routes.find((each) => matches(each.path, path));
  if (route === undefined) {
    const known = routes.map((each) => each.path);
    sendJson(response, 404, { error: `no page ${path}`, pages: known });
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    sendJson(response, 405, { error: `${request.method ?? 'this method'} is not for ${path}` });
  } else {
    try {
      await route.respond(request, response);
    } catch (thrown) {
      reportBug(thrown, path);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'internal error; the log of the process tells more' });
    }
  }
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function sendReadiness(response: ServerResponse, { ok, reasons }: Readiness): void {
  sendJson(response, ok ? 200 : 503, { ok, reasons });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
}

/** Node leaves the body of an answer to HEAD away by itself. */
function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(body);
}

function listen(server: Server, host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? 'another process listens there; stop it or choose another port' : describeError(cause);
      const text = `cannot serve HTTP on ${addressText(host, wanted)}: ${why}; port 0 takes any free one`;
      reject(new WeftError(taken ? 'already-exists' : 'unavailable', text, { cause }));
    });
    server.listen(wanted, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : wanted);
    });
  });
}

function addressText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

function stopServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
