export {
  assignChunks,
  chunkCountOfStep,
  chunkSizes,
  defaultChunkSize,
  evenShares,
  examplesOfChunks,
  examplesOfStep,
  stepsPerEpoch,
  type BatchPlan,
  type ExampleRange,
} from './batch-plan.ts';
export { integerPower } from './schedule/exact-functions.ts';
export { learningRateAt, warmupLength, type RatePlace } from './schedule/learning-rate.ts';
export { decays, type Decay, type Schedule } from './schedule/schedule.ts';
export { addClassCounts, maxConfusionClasses, topAccuracy, type ClassCounts } from './class-counts.ts';
export type { Clock } from './clock.ts';
export { describeError, errorCodes, invariant, WeftError, type ErrorCode } from './error.ts';
export { idRule, isId, runId, trainerId, type RunId, type TrainerId } from './id.ts';
export { editDistance, nearestName } from './nearest-name.ts';
export { permutation } from './permutation.ts';
export { place } from './placement/place.ts';
export type { PlacedRun, PlacedTrainer, Placement, PlacementAction } from './placement/placement-request.ts';
export { philoxBlock, PhiloxStream, streamPurposes, type StreamPurpose } from './philox.ts';
export {
  addInPlace,
  chunksOf,
  compareNodes,
  coverRange,
  rootLevel,
  TreeSum,
  type ChunkRange,
  type TreeNode,
} from './reduction-tree.ts';
export { Evaluation } from './run/evaluation.ts';
export {
  type EvaluationChunkSums,
  type EvaluationResult,
  type RunEffect,
  type RunEvent,
  type RunOutcome,
  type CommittedStep,
  type RecordedStep,
} from './run/run-event.ts';
export { monitors, type EarlyStopping, type EpochMeans, type Monitor } from './run/early-stopping.ts';
export { earlyEnd, type EarlyEnd } from './run/early-end.ts';
export { describeNonFinite, variableAt, type NonFinite, type Variable } from './run/non-finite.ts';
export { RunMachine } from './run/run-machine.ts';
export {
  chunkCountAt,
  evaluationChunkCount,
  evaluationChunkSize,
  exampleCountAt,
  isEpochEnd,
  stepAt,
  totalSteps,
  type EvaluationSplit,
  type RunPlan,
} from './run/run-plan.ts';
export type { RunStart } from './run/run-start.ts';
export { elapsedSeconds, sumTimes, type StepTimes } from './run/step-times.ts';
export { type MemberPace } from './run/timing.ts';
export { silentTrainers } from './heartbeat.ts';
export { EpochSamples } from './ledger/epoch-samples.ts';
export { ledgerLink, ledgerOrigin, type Sha256 } from './ledger/ledger-chain.ts';
export { ledgerText, parseLedgerText, type LedgerAssignment, type LedgerLine } from './ledger/ledger-line.ts';
export {
  LedgerVerifier,
  type ChainedLine,
  type EpochSums,
  type LedgerEnd,
  type LedgerProblem,
  type LedgerSubject,
} from './ledger/verify-ledger.ts';
export {
  DirectStep,
  type DirectMean,
  type DirectOutcome,
  type DirectPartial,
  type StepSums,
} from './direct/direct-step.ts';
export { ownershipOf, pieceCount, pieceElements, type ElementRange, type Ownership } from './direct/ownership.ts';
export { type Transport, type TransportSetting } from './run/transport.ts';
export { scalarArithmetic, type VectorArithmetic } from './vector-arithmetic.ts';
