/** Limits and timings of connections. Nothing is unlimited: each value says what it bounds. */
import type { ChannelOptions } from '@grpc/grpc-js';

/** Largest payload of a frame, in bytes. Larger transfers are cut; see `frame-split.ts`. */
export const frameBytes: number = 256 * 1024;

/**
 * Largest message in either direction, in bytes: a frame four times over, and room for a topology or a long list of epochs.
 * grpc-js refuses a larger one as soon as it has read its length.
 */
export const maxMessageBytes: number = 1024 * 1024;

/** Bytes that a peer may send before they have been read: 16 frames. Bounds the memory that one stream can take. */
export const receiveWindowBytes: number = 16 * frameBytes;

/** Bound of a unary call that names none, in milliseconds. */
export const defaultCallTimeoutMs = 10_000;

/** What both ends share. */
const commonOptions: ChannelOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': maxMessageBytes,
  // Ping a connection that has been silent for 10 s. The answer may take long: a trainer gives it between two runs of its
  // engine. Whether a trainer lives is told by its heartbeats, much sooner.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 60_000,
};

/** Options of a client's channel. */
export const clientOptions: ChannelOptions = {
  ...commonOptions,
  'grpc.keepalive_permit_without_calls': 1,
  // A connection of its own for each client: two trainers in one process do not share a flow-control window.
  'grpc.use_local_subchannel_pool': 1,
  // A coordinator that restarts is found again soon: first after 0.1 s, then with growing pauses up to 2 s.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // Repeating a call is the caller's decision; a stream of frames must not be kept for a second attempt.
  'grpc.enable_retries': 0,
  'grpc.per_rpc_retry_buffer_size': 0,
  'grpc-node.flow_control_window': receiveWindowBytes,
  // Cluster traffic never goes through a proxy that the environment names.
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // Bookkeeping of every call for a debugging service that is not offered.
  'grpc.enable_channelz': 0,
};

/** Options of a server. */
export const serverOptions: ChannelOptions = {
  ...commonOptions,
  // Streams on one connection: a trainer uses one, a command a few.
  'grpc.max_concurrent_streams': 128,
  // Without this bookkeeping grpc-js 1.14 does not know its sessions, and a forced stop cuts none of them.
  'grpc.enable_channelz': 1,
};
