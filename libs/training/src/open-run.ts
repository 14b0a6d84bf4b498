/** Loads a run: data, model, replica. */
import { WeftError } from '@weft/core';
import {
  dataSetNames,
  isDataSetName,
  openDataSet,
  requireIdentity,
  splitValidation,
  type DataSet,
  type DataSetOptions,
} from '@weft/data';
import {
  createReplica,
  lossNames,
  optimizerDefaults,
  optimizerNames,
  parseOptimizer,
  type Engine,
  type LossName,
  type OptimizerSpec,
} from '@weft/engine';
import { initialParameters, loadTopology } from '@weft/nn-models';
import type { RunAssignment } from '@weft/wire';
import { TrainingRun } from './training-run.ts';

/** Data sets that stay in memory: those that were used last. */
const dataSetsKept = 2;

/** Opens runs with one engine; keeps the last data sets, which most runs of a study share. */
export class RunOpener {
  readonly #engine: Engine;
  readonly #dataOptions: DataSetOptions;
  /** In the order of their last use. */
  readonly #dataSets = new Map<string, DataSet>();

  constructor(engine: Engine, dataOptions: DataSetOptions) {
    this.#engine = engine;
    this.#dataOptions = dataOptions;
  }

  /**
   * The run with its replica at position 0, initialized from the seed. Throws a `WeftError` that says what is missing or does not
   * fit: data, layer, loss, optimizer.
   */
  async open(run: RunAssignment): Promise<TrainingRun> {
    const dataSet = await this.#load(run.dataSet.name, run.dataSet.settingsJson);
    requireIdentity(dataSet, run.dataSet.identity, 'the run');
    const { training, validation } = splitValidation(dataSet.train, run.dataSet.validationSplit);
    const model = await this.#engine.compile({
      topology: run.topology,
      loss: lossOf(run.loss),
      input: 'uint8',
      seed: run.seed,
      batchNormalization: run.batchNormalization === 'sync' ? 'sync' : 'ghost',
    });
    const replica = createReplica(model.layout, optimizerOf(run.optimizer.name, run.optimizer.settings));
    replica.parameters.set(await initialValues(run));
    const evaluation = { validation, test: dataSet.test };
    return new TrainingRun({ run, model, replica, training, evaluation, engineFingerprint: this.#engine.fingerprint });
  }

  async #load(name: string, settingsJson: string): Promise<DataSet> {
    const key = `${name} ${settingsJson}`;
    const value = this.#dataSets.get(key) ?? (await this.#read(name, settingsJson));
    this.#dataSets.delete(key);
    this.#dataSets.set(key, value);
    const [oldest = key] = this.#dataSets.keys();
    if (this.#dataSets.size > dataSetsKept) this.#dataSets.delete(oldest);
    return value;
  }

  async #read(name: string, settingsJson: string): Promise<DataSet> {
    if (!isDataSetName(name)) {
      throw new WeftError('invalid-argument', `data set ${name} is unknown; there are ${dataSetNames.join(', ')}`);
    }
    const synthetic = settingsJson === '' ? {} : (JSON.parse(settingsJson) as Record<string, number>);
    return openDataSet(name, { ...this.#dataOptions, synthetic });
  }
}

async function initialValues(run: RunAssignment): Promise<Float32Array> {
  const model = await loadTopology(run.topology);
  try {
    return initialParameters(model, run.seed);
  } finally {
    model.dispose();
  }
}

function lossOf(name: string): LossName {
  const loss = lossNames.find((known) => known === name);
  if (loss === undefined) {
    throw new WeftError('invalid-argument', `loss ${name} is unknown; there are ${lossNames.join(', ')}`);
  }
  return loss;
}

/** On the wire every setting is a number; flags are 0 or 1. */
function optimizerOf(name: string, settings: Readonly<Record<string, number>>): OptimizerSpec {
  const known = optimizerNames.find((candidate) => candidate === name);
  const defaults = new Map<string, unknown>(known === undefined ? [] : Object.entries(optimizerDefaults[known]));
  const overrides = Object.entries(settings).map(([option, value]) => [
    option,
    typeof defaults.get(option) === 'boolean' ? value !== 0 : value,
  ]);
  return parseOptimizer(name, Object.fromEntries(overrides) as Record<string, unknown>);
}
