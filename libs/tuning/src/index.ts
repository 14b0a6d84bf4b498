export type { StudyDecision, StudyFact, StudyRules, CourseTrial } from './course/study-course.ts';
export type { Curve, Pruner, PruningRequest, Verdict } from './pruners/pruner.ts';
export type { CellObservation, Proposal, ProposalRequest, Sampler } from './samplers/sampler.ts';
export type {
  Assignment,
  CategoricalParameter,
  Condition,
  FloatParameter,
  IntParameter,
  Parameter,
  ParameterValue,
  SearchSpace,
} from './space/parameter.ts';
export { judgeFailure, type FailureVerdict } from './execution/failure-verdict.ts';
export type { RunEnd, StudyEffect, StudyEvent } from './execution/study-event.ts';
export {
  StudyMachine,
  type ExecutionRules,
  type RecordedAttempts,
  type TrialExecution,
  type TrialOutcome,
} from './execution/study-machine.ts';
