import { openDataSet } from '@weft/data';
import { createReplica, parseOptimizer } from '@weft/engine';
import { architecture, initialParameters, layoutOf, topologyOf, type ArchitectureName } from '@weft/nn-models';
import { writeReplicaCheckpoint } from '@weft/engine';
import { create, RunConfigurationSchema, RunState } from '@weft/wire';
import type { RecordedRun } from '../archive/recorded-run.ts';

/** A run of 4 steps on a small data set, the newest checkpoint of which is after step 2. */
export async function recordedExample(
  name: ArchitectureName,
): Promise<RecordedRun & { readonly parameters: Float32Array }> {
  const settings = { seed: 1, trainCount: 20, testCount: 300 };
  const { identity } = await openDataSet('synthetic-fashion', { cacheDirectory: '', synthetic: settings });
  const model = architecture(name).build();
  const replica = createReplica(layoutOf(model), parseOptimizer('adam'));
  replica.parameters.set(initialParameters(model, 5));
  const metadata = { position: 2, configurationDigest: 'c', engineFingerprint: 'e' };
  const bytes = writeReplicaCheckpoint(replica, metadata);
  const configuration = create(RunConfigurationSchema, {
    model: { name, topologyJson: topologyOf(model), loss: 'categoricalCrossentropy' },
    dataSet: {
      ...{ name: 'synthetic-fashion', identity, settingsJson: JSON.stringify(settings) },
      ...{ validationSplit: 0.1, trainExamples: 18, validationExamples: 2, testExamples: 300 },
    },
    optimizer: { name: 'adam', learningRate: 0.001 },
    ...{ batchSize: 9, chunkSize: 9, epochs: 2, seed: 3n },
  });
  model.dispose();
  return {
    ...{ runId: 'a-run', configuration, state: RunState.RUNNING, epochs: [], result: undefined },
    ...{ engineFingerprint: 'e', source: '/state', parameters: replica.parameters.slice() },
    ledger: async function* () {
      /* not looked at */
    },
    checkpoint: (position) =>
      Promise.resolve(position >= 2 ? { position: 2, bytes } : { problem: 'none that old is kept' }),
  };
}
