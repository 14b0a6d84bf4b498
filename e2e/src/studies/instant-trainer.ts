/** A trainer over a stream in memory that has computed whatever it is asked for at once: alone in its gang, a step an epoch. */
import type { AssembledCoordinator } from '@weft/coordinator';
import { evaluationChunkCount, type EvaluationSplit } from '@weft/core';
import {
  ClusterService,
  inMemoryStreams,
  planOf,
  protocolVersion,
  Split,
  splitTransfer,
  type AttachResponse,
  type MessageInitShape,
  type AttachRequestSchema,
  type RunConfiguration,
} from '@weft/wire';

type Body = NonNullable<MessageInitShape<typeof AttachRequestSchema>['body']>;

const digest = new Uint8Array(32);
const snapshot = new Uint8Array(64);

/** Attaches one. */
export function attachInstantTrainer({ cluster }: AssembledCoordinator, trainerId: string): void {
  const { client, server } = inMemoryStreams(ClusterService.method.attach);
  let run: { readonly runId: string; readonly configuration: RunConfiguration } | undefined;
  let transfers = 1n;
  const send = (body: Body, payload: Uint8Array = new Uint8Array()): void => {
    client.send({ body, payload });
  };
  const answer = ({ body }: AttachResponse): void => {
    if (body.case === 'openRun' && body.value.configuration !== undefined) {
      run = { runId: body.value.runId, configuration: body.value.configuration };
      const { runId, configuration } = run;
      const dataSetIdentity = configuration.dataSet?.identity ?? '';
      const value = { runId, position: 0n, layoutSize: 1n, snapshotBytes: BigInt(snapshot.length), dataSetIdentity };
      send({ case: 'ready', value });
    }
    if (run === undefined) return;
    const { runId, configuration } = run;
    if (body.case === 'regroup') {
      const { generation, position } = body.value;
      const steps = [{ position, lossSum: 1, correctCount: 1n, gradientDigest: digest }];
      send({ case: 'standing', value: { runId, generation, position: position + 1n, steps } });
    } else if (body.case === 'evaluate') {
      const { position, split } = body.value;
      const which: EvaluationSplit = split === Split.TEST ? 'test' : 'validation';
      const count = evaluationChunkCount(planOf(configuration), which);
      const chunks = Array.from({ length: count }, (_, index) => ({ index, lossSum: 1, correctCount: 1n }));
      send({ case: 'evaluationPart', value: { runId, position, split, chunks, weightsDigest: 'none' } });
    } else if (body.case === 'sendReplica') {
      const value = {
        $typeName: 'weft.v1.Snapshot' as const,
        runId,
        position: body.value.position,
        weightsDigest: 'none',
      };
      for (const { frame, payload } of splitTransfer(transfers++, { case: 'snapshot', value }, snapshot)) {
        send({ case: 'frame', value: frame }, payload);
      }
    }
  };
  client.onMessage(answer);
  client.onEnd(() => undefined);
  cluster.attach(server);
  send({
    case: 'hello',
    value: { trainerId, protocolVersion, engineFingerprint: 'instant', processId: 1, instanceId: trainerId },
  });
}
