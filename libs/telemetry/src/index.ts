export {
  createCoordinatorMetrics,
  type CoordinatorMetrics,
  type CoordinatorSources,
  type EpochOutcome,
  type TrainerPace,
  type TrainerState,
} from './coordinator-metrics.ts';
export {
  startHttpServer,
  type HttpRoute,
  type HttpServerSettings,
  type Readiness,
  type RunningHttpServer,
} from './http-server.ts';
export { logLevels, type LogLevel } from './log-level.ts';
export { createLogger, type LogFields, type LogFormat, type Logger, type LogSettings } from './log.ts';
export { createProcessRegistry, type Registry } from './registry.ts';
export { createTrainerMetrics, type TrainerMetrics } from './trainer-metrics.ts';
export { TrainingMetrics, type FrameDirection, type StepOutcome, type StepPhase } from './training-metrics.ts';
