export {
  clone,
  create,
  fromJson,
  toJson,
  type DescMessage,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
export type { CallOptions } from './client-call.ts';
export { configurationDigest, configurationText } from './configuration-digest.ts';
export {
  clientOptions,
  defaultCallTimeoutMs,
  frameBytes,
  maxMessageBytes,
  serverOptions,
} from './connection-options.ts';
export { DuplexMessageStream, type StreamCarrier } from './duplex-message-stream.ts';
export { errorCodeKey, errorTable, exitCodeOf, fromStatus, toStatus, type ErrorMapping } from './error-table.ts';
export { problemsOfFit } from './fit-rules.ts';
export { FrameAssembler, type CompletedTransfer, type TransferReceiver } from './frame-assembler.ts';
export { splitTransfer, type FramedPayload, type TransferSubject } from './frame-split.ts';
export { Health, HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health_pb.ts';
export * from './gen/weft/v1/archive_pb.ts';
export * from './gen/weft/v1/cluster_pb.ts';
export * from './gen/weft/v1/configuration_pb.ts';
export * from './gen/weft/v1/peer_pb.ts';
export * from './gen/weft/v1/run_pb.ts';
export * from './gen/weft/v1/study_pb.ts';
export { openClient, type ClientMethod, type ClientSettings, type ServiceClient } from './grpc-client.ts';
export { startGrpcServer, type GrpcServerSettings, type RunningGrpcServer } from './grpc-server.ts';
export {
  bindService,
  type BoundService,
  type BugReporter,
  type CallContext,
  type MethodHandler,
  type ServiceHandlers,
} from './grpc-service.ts';
export { healthService } from './health-service.ts';
export { ServiceHealth, type HealthStatus } from './health-status.ts';
export { inMemoryStreams, type StreamPair } from './in-memory-stream.ts';
export { contributionDigest, digestPieces } from './contribution-digest.ts';
export { formatAddress, parseListenAddress, type ListenAddress } from './listen-address.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export type { MessageStream } from './message-stream.ts';
export { protocolVersion } from './protocol-version.ts';
export { clientCredentials, serverCredentials, type TlsFiles } from './tls.ts';
export { runAssignmentOf, type RunAssignment } from './run-assignment.ts';
export { planOf, problemsOfRun } from './run-configuration.ts';
export { OutboundQueue } from './outbound-queue.ts';
export { SharedTransfer } from './shared-transfer.ts';
