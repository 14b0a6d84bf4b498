import { afterEach, expect, test } from 'vitest';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from './gen/grpc/health/v1/health_pb.ts';
import { openClient, type ServiceClient } from './grpc-client.ts';
import { startGrpcServer } from './grpc-server.ts';
import { healthService } from './health-service.ts';
import { ServiceHealth } from './health-status.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(health: ServiceHealth): Promise<ServiceClient<typeof Health>> {
  const reportBug = (thrown: unknown): void => {
    throw thrown;
  };
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [healthService(health, reportBug)] });
  const client = openClient(Health, { address: server.address });
  cleanups.push(() => server.stop(50), client.close);
  return client;
}

test('a check tells a service that serves from one that does not and one that is not there', async () => {
  const health = new ServiceHealth(['weft.v1.RunService', 'weft.v1.ClusterService']);
  const client = await start(health);
  health.set('weft.v1.RunService', true);
  expect((await client.check({ service: 'weft.v1.RunService' })).status).toBe(ServingStatus.SERVING);
  expect((await client.check({ service: 'weft.v1.ClusterService' })).status).toBe(ServingStatus.NOT_SERVING);
  await expect(client.check({ service: 'weft.v1.None' })).rejects.toMatchObject({
    code: 'not-found',
    message: 'no service "weft.v1.None" here; there are: weft.v1.ClusterService, weft.v1.RunService',
  });
});

test('the process as a whole serves when all of its services do', async () => {
  const health = new ServiceHealth(['a', 'b']);
  const client = await start(health);
  const whole = async (): Promise<number> => (await client.check({})).status;
  health.set('a', true);
  expect(await whole()).toBe(ServingStatus.NOT_SERVING);
  health.set('b', true);
  expect(await whole()).toBe(ServingStatus.SERVING);
  health.setAll(false);
  expect(await whole()).toBe(ServingStatus.NOT_SERVING);
  expect((await client.list({})).statuses).toMatchObject({
    a: { status: ServingStatus.NOT_SERVING },
    b: { status: ServingStatus.NOT_SERVING },
  });
});

test('a watch tells the status now and each change, and of a service before it is known', async () => {
  const health = new ServiceHealth(['a']);
  const client = await start(health);
  const abort = new AbortController();
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { status } of client.watch({ service: 'b' }, { signal: abort.signal })) seen.push(status);
  })();
  const expected: number[] = [ServingStatus.SERVICE_UNKNOWN];
  await expect.poll(() => seen).toEqual(expected);
  for (const serving of [true, false, true]) {
    health.set('b', serving);
    health.set('a', serving);
    expected.push(serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    await expect.poll(() => seen).toEqual(expected);
  }
  abort.abort();
  await expect(watching).rejects.toMatchObject({ code: 'cancelled' });
});
