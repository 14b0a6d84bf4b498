export {
  engineNames,
  lossNames,
  type CompiledModel,
  type Engine,
  type EngineAvailability,
  type EngineName,
  type EngineProvider,
  type EvaluationRequest,
  type ExampleBatch,
  type GradientRequest,
  type InputEncoding,
  type LossName,
  type MetricSums,
  type TrainingProgram,
} from './engine.ts';
export type { DropoutKey } from './masks/dropout-counter.ts';
export { fillDropoutMask } from './masks/dropout-mask.ts';
