import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClusterService } from './gen/weft/v1/cluster_pb.ts';
import { openClient } from './grpc-client.ts';
import { startGrpcServer } from './grpc-server.ts';
import { bindService } from './grpc-service.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-socket-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const service = bindService(
  ClusterService,
  { attach: () => undefined, heartbeat: () => Promise.resolve({}) },
  (thrown) => {
    throw thrown;
  },
);

test('a server on a socket is reached by its address', async () => {
  const listen = `unix:${join(directory, 'server.sock')}`;
  const server = await startGrpcServer({ listen, services: [service] });
  const client = openClient(ClusterService, { address: server.address });
  try {
    expect(server.address).toBe(listen);
    expect(server.port).toBe(0);
    await expect(client.heartbeat({ trainerId: 't', instanceId: 'i' })).resolves.toBeDefined();
  } finally {
    client.close();
    await server.stop(0);
  }
});

test('a socket that another server uses is named', async () => {
  const listen = `unix:${join(directory, 'server.sock')}`;
  const server = await startGrpcServer({ listen, services: [service] });
  try {
    await expect(startGrpcServer({ listen, services: [service] })).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.stringContaining(listen) as string,
    });
  } finally {
    await server.stop(0);
  }
});
