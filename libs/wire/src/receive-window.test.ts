import { connect } from 'node:http2';
import { expect, test } from 'vitest';
import { receiveWindowBytes } from './connection-options.ts';
import { startGrpcServer } from './grpc-server.ts';

test('a server lets a client send a whole window before it waits', async () => {
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [] });
  const session = connect(`http://${server.address}`);
  try {
    await expect.poll(() => session.remoteSettings.initialWindowSize).toBe(receiveWindowBytes);
    await expect.poll(() => session.state.remoteWindowSize).toBe(receiveWindowBytes);
  } finally {
    session.close();
    await server.stop(0);
  }
});
