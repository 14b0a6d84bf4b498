export type { RecordedResult } from './course/recorded-result.ts';
export type { StudyDecision, StudyFact, StudyRules, CourseTrial } from './course/study-course.ts';
export { epochFact } from './course/study-fact.ts';
export { whatIf, type WhatIf, type WhatIfTrial } from './course/whatif.ts';
export type { BestTrial, WhatIfSummary } from './course/whatif-summary.ts';
export { parameterImportance, type Importance } from './importance/parameter-importance.ts';
export type { Curve, Pruner, PruningRequest, Verdict } from './pruners/pruner.ts';
export { createSampler, problemsOfSamplerSpace } from './samplers/create-sampler.ts';
export { gridSize } from './samplers/grid/grid.ts';
export {
  defaultSamplerSettings,
  isSamplerName,
  problemsOfSamplerSettings,
  samplerNames,
  type SamplerName,
  type SamplerSettings,
} from './samplers/sampler-settings.ts';
export type { CellObservation, Proposal, ProposalRequest, Sampler } from './samplers/sampler.ts';
export { activeParameters } from './space/active-parameters.ts';
export { assignmentText } from './space/assignment-text.ts';
export { valueAt, valueCount } from './space/parameter-values.ts';
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
  type RecordedTrial,
  type TrialExecution,
  type TrialOutcome,
} from './execution/study-machine.ts';
export { problemsOfAssignment } from './space/problems-of-assignment.ts';
export { problemsOfSpace } from './space/problems-of-space.ts';
export { unitRange, valueAtUnit, type UnitRange } from './space/unit-interval.ts';
export { StudyCourse, type CourseExtension, type CourseProgress } from './course/study-course.ts';
export { createPruner } from './pruners/create-pruner.ts';
export {
  defaultPrunerSettings,
  isPrunerName,
  problemsOfPrunerSettings,
  prunerNames,
  type PrunerName,
  type PrunerSettings,
} from './pruners/pruner-settings.ts';
