export { definitionOf, executionOf, type StudyResources } from './definition/definition-of-file.ts';
export { describeAssignment } from './definition/describe-assignment.ts';
export { lossOf, objectiveValue, valueOfLoss } from './definition/loss-of.ts';
export {
  completePruner,
  completeSampler,
  problemOfPruner,
  problemOfSampler,
  type MethodInit,
} from './definition/methods.ts';
export { parameterMessage, parameterOf, spaceOf } from './definition/parameter-message.ts';
export { problemsOfStudy } from './definition/problems-of-study.ts';
export { rulesOf } from './definition/rules-of-study.ts';
export { trialConfiguration } from './definition/trial-configuration.ts';
export { assignmentOf, settingMessages, valueMessage, valueOf } from './definition/value-message.ts';
export type { Setting } from './settings/setting.ts';
export { metricNames, settings, type MetricName } from './settings/settings.ts';
export { parseStudyFile, type ParsedStudyFile } from './study-file/parse-study-file.ts';
export type { StudyFile } from './study-file/study-file.ts';
export { studyFileSchema } from './study-file/study-file-schema.ts';
export { cellSummaries, type CellSummary } from './record/cell-summary.ts';
export { recordedResults } from './record/recorded-results.ts';
export { resultTable } from './record/result-table.ts';
export { studentInterval, type Interval } from './record/student-interval.ts';
export { trialsCsv, trialsJson } from './record/trial-export.ts';
export { hasResult, trialPhase, type TrialPhase } from './record/trial-state.ts';
export { settingValue } from './definition/setting-value.ts';
export { compareWithReference, type ComparedRow, type StudyRecord } from './reference/compare-reference.ts';
export { fashionMnistTables } from './reference/fashion-mnist.ts';
export type { ReferenceFigure, ReferenceRow, ReferenceTable } from './reference/reference-table.ts';
export { isStudyId, studyIdRule } from './study-id.ts';
