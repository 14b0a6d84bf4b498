/** Flow control of a server: how many bytes a client may send before the server has read them. */
import type { Server } from '@grpc/grpc-js';
import type { Http2Server } from 'node:http2';

/**
 * Sets the window of every connection of `server`, and of each stream on it, to `bytes`. Call it once the server is bound.
 *
 * grpc-js 1.14 has an option for it (`grpc-node.flow_control_window`) but heeds it on clients only; with the 64 KiB that HTTP/2
 * starts with, an upload waits for the server four times in each frame. So this reaches for the HTTP/2 servers inside, and does
 * nothing where a later version keeps them elsewhere; a test says so then.
 */
export function widenReceiveWindow(server: Server, bytes: number): void {
  const { http2Servers } = server as unknown as { readonly http2Servers?: ReadonlyMap<Http2Server, unknown> };
  for (const http2Server of http2Servers?.keys() ?? []) {
    http2Server.on('session', (session) => {
      session.setLocalWindowSize(bytes);
      session.settings({ initialWindowSize: bytes });
    });
  }
}
