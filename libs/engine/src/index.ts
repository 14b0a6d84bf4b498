export {
  batchNormalizations,
  engineNames,
  lossNames,
  type BatchNormalization,
  type CompiledModel,
  type Engine,
  type EngineAvailability,
  type EngineName,
  type EngineProvider,
  type EvaluationRequest,
  type EvaluationSums,
  type ExampleBatch,
  type GradientRequest,
  type InputEncoding,
  type LossName,
  type MetricSums,
  type RoundExchange,
  type TrainingProgram,
} from './engine.ts';
export type { DropoutKey } from './masks/dropout-counter.ts';
export { fillDropoutMask } from './masks/dropout-mask.ts';
export type { ExportedModel, MetadataValue, ModelMetadata } from './export/exported-model.ts';
export { layersModelFile, readLayersModel, writeLayersModel, type ExportedFile } from './export/layers-model.ts';
export { writeOnnxModel } from './export/onnx-model.ts';
export { openOnnxPredictor, type OnnxPredictor } from './export/onnx-predictor.ts';
export { checkpointParameters, readSafetensorsModel, writeSafetensorsModel } from './export/safetensors-model.ts';
export { firstNonFinite } from './non-finite.ts';
export { defaultLearningRates, optimizerDefaults, optimizerNames } from './optimizers/optimizer-defaults.ts';
export { optimizerSlots, type SlotName, type SlotSpec } from './optimizers/optimizer-slots.ts';
export { vectorKernels, type OptimizerKernels } from './optimizers/optimizer-kernels.ts';
export type { OptimizerName, OptimizerSpec } from './optimizers/optimizer-spec.ts';
export { parseOptimizer } from './optimizers/parse-optimizer.ts';
export { scalarKernels } from './optimizers/scalar-kernels.ts';
export { createReplica, type Replica, type ReplicaSlot } from './replica.ts';
export { tfjsCpuProvider } from './tfjs/javascript-backend.ts';
export { tfjsNodeGpuProvider, tfjsNodeProvider } from './tfjs/native-backend.ts';
export { tfjsWasmProvider } from './tfjs/webassembly-backend.ts';
export {
  checkpointBytes,
  readReplicaCheckpoint,
  writeReplicaCheckpoint,
  type CheckpointMetadata,
} from './checkpoint/replica-checkpoint.ts';
export { ortCpuProvider } from './ort/provider.ts';
export { vectorArithmetic } from './vector-sum.ts';
export { engineProviders, openEngine } from './availability/engine-providers.ts';
