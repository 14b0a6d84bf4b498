export { curveChart, type Curve, type CurveChart } from './charts/curve-chart.ts';
export { html, raw, type Markup } from './document/html.ts';
export type { BestModel, WrongImage } from './input/best-model.ts';
export { referenceTablesOf } from './input/reference-tables-of.ts';
export type { Metric, ReferenceRow, ReferenceTable } from './input/reference-table.ts';
export type {
  ImportanceShare,
  ReportedCosts,
  ReportedCounts,
  ReportedObjective,
  ReportedStudy,
} from './input/reported-study.ts';
export type { ReportedEpoch, ReportedResult, ReportedTrial, TrialState } from './input/reported-trial.ts';
export type { ReportedDataSet, ReportedLayer, ReportedModel, StudyReportInput } from './input/study-report-input.ts';
export { importanceShares } from './results/importance-shares.ts';
export { renderStudyReport, type StudyReport } from './study-report.ts';
export { pageStyle } from './style/page-style.ts';
