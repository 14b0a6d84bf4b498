import { Gauge, Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { startHttpServer, type HttpServerSettings, type RunningHttpServer } from './http-server.ts';

const servers: RunningHttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
});

async function start(settings: Partial<HttpServerSettings> = {}): Promise<RunningHttpServer> {
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    registry: new Registry(),
    health: () => ({ ok: true, reasons: [] }),
    ready: () => ({ ok: true, reasons: [] }),
    reportBug: (thrown) => {
      throw thrown;
    },
    ...settings,
  });
  servers.push(server);
  return server;
}

function get(server: RunningHttpServer, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://${server.address}${path}`, { headers: { connection: 'close' }, ...init });
}

test('metrics are served as Prometheus reads them', async () => {
  const registry = new Registry();
  new Gauge({ name: 'weft_x', help: 'X.', registers: [registry] }).set(3);
  const response = await get(await start({ registry }), '/metrics?name=1');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await response.text()).toContain('weft_x 3');
});

test('health and readiness answer as asked at the moment, with the reasons', async () => {
  let attached = 0;
  const ready = (): { ok: boolean; reasons: string[] } =>
    attached > 0 ? { ok: true, reasons: [] } : { ok: false, reasons: ['no trainer is attached'] };
  const server = await start({ ready });
  expect((await get(server, '/healthz')).status).toBe(200);
  const before = await get(server, '/readyz');
  expect([before.status, await before.json()]).toEqual([503, { ok: false, reasons: ['no trainer is attached'] }]);
  attached = 1;
  expect((await get(server, '/readyz')).status).toBe(200);
});

test('a process that is not healthy says so', async () => {
  const server = await start({ health: () => ({ ok: false, reasons: ['the store is closed'] }) });
  expect((await get(server, '/healthz')).status).toBe(503);
});

test('HEAD has the headers of GET and no body', async () => {
  const server = await start();
  const response = await get(server, '/healthz', { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '25', '']);
});

test('an unknown page is 404 and lists the pages, another method is 405 and names the allowed ones', async () => {
  const server = await start();
  const missing = await get(server, '/nothing');
  expect([missing.status, await missing.json()]).toEqual([
    404,
    { error: 'no page /nothing', pages: ['/metrics', '/healthz', '/readyz'] },
  ]);
  const posted = await get(server, '/metrics', { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a service adds pages, by path or by prefix; what one throws is a 500 and is reported', async () => {
  const reported: [unknown, string][] = [];
  const server = await start({
    reportBug: (thrown, path) => reported.push([thrown, path]),
    routes: [
      { path: '/assets/*', respond: (request, response) => void response.end(request.url) },
      { path: '/broken', respond: () => Promise.reject(new Error('x is undefined')) },
    ],
  });
  expect(await (await get(server, '/assets/chart.js')).text()).toBe('/assets/chart.js');
  const broken = await get(server, '/broken');
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('x is undefined');
  expect(reported).toEqual([[new Error('x is undefined'), '/broken']]);
});

test('a taken port is a clear error that names the address', async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toMatchObject({
    code: 'already-exists',
    message: expect.stringContaining(
      `cannot serve HTTP on 127.0.0.1:${String(port)}: another process listens there`,
    ) as string,
  });
  await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'unavailable' });
});

test('stopping lets an answer finish, but waits no longer than the grace', async () => {
  let finish: (() => void) | undefined;
  const server = await start({
    routes: [
      { path: '/slow', respond: (_request, response) => void (finish = () => void response.end('done')) },
      { path: '/stuck', respond: () => undefined },
    ],
  });
  const slow = get(server, '/slow');
  const stuck = get(server, '/stuck').catch(() => 'cut');
  await expect.poll(() => finish, { timeout: 10_000 }).toBeDefined();
  const stopped = server.stop(200);
  finish?.();
  expect(await (await slow).text()).toBe('done');
  await stopped;
  expect(await stuck).toBe('cut');
});
