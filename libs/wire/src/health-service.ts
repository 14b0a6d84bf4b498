/** The standard health service of gRPC, `grpc.health.v1.Health`, over a `HealthStatus`. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { WeftError } from '@weft/core';
import {
  Health,
  HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthCheckResponseSchema,
} from './gen/grpc/health/v1/health_pb.ts';
import { bindService, type BoundService, type BugReporter } from './grpc-service.ts';
import type { HealthStatus } from './health-status.ts';

type Response = MessageInitShape<typeof HealthCheckResponseSchema>;

/** The health service, ready for `startGrpcServer`. */
export function healthService(health: HealthStatus, reportBug: BugReporter): BoundService {
  return bindService(
    Health,
    {
      check: ({ service }) => {
        const serving = health.serving(service);
        if (serving !== undefined) return Promise.resolve({ status: statusOf(serving) });
        const known = health.names().join(', ');
        return Promise.reject(new WeftError('not-found', `no service "${service}" here; there are: ${known}`));
      },
      list: () => {
        const statuses = health.names().map((name) => [name, { status: statusOf(health.serving(name)) }] as const);
        return Promise.resolve({ statuses: Object.fromEntries(statuses) });
      },
      watch: ({ service }, { signal }) => watch(health, service, signal),
    },
    reportBug,
  );
}

function statusOf(serving: boolean | undefined): ServingStatus {
  if (serving === undefined) return ServingStatus.SERVICE_UNKNOWN;
  return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
}

/** Yields the status, then each new one; changes in quick succession may be told as one. */
async function* watch(health: HealthStatus, service: string, signal: AbortSignal): AsyncGenerator<Response> {
  let wake: () => void = () => undefined;
  let changed = new Promise<void>((resolve) => (wake = resolve));
  const unsubscribe = health.subscribe(() => {
    wake();
  });
  const stop = (): void => {
    wake();
  };
  signal.addEventListener('abort', stop);
  try {
    let last: ServingStatus | undefined;
    while (!signal.aborted) {
      const status = statusOf(health.serving(service));
      if (status !== last) yield { status };
      last = status;
      await changed;
      changed = new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', stop);
  }
}
