import type { BestModel } from './best-model.ts';
import type { ReferenceTable } from './reference-table.ts';
import type { ReportedStudy } from './reported-study.ts';

/** The data that all studies of a report train on. */
export interface ReportedDataSet {
  readonly name: string;
  /** Digest or version: what makes it this data and no other. */
  readonly identity: string;
  /** Whether the examples are generated: then no figure says anything about real data. */
  readonly synthetic: boolean;
  readonly trainExamples: number;
  readonly validationExamples: number;
  readonly testExamples: number;
}

/** One layer: shape of one example's output, without the batch. */
export interface ReportedLayer {
  readonly layer: string;
  readonly kind: string;
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/** What a model is made of. */
export interface ReportedModel {
  readonly name: string;
  readonly layers: readonly ReportedLayer[];
  readonly trainableParameters: number;
  /** All parameters, moving averages included. */
  readonly parameters: number;
}

/** Everything that a report of studies says, and nothing about how it looks. */
export interface StudyReportInput {
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly dataSet: ReportedDataSet;
  readonly studies: readonly ReportedStudy[];
  /** In the order in which they are printed. */
  readonly references: readonly ReferenceTable[];
  readonly models: readonly ReportedModel[];
  /** Undefined where no model was looked at. */
  readonly best: BestModel | undefined;
  /** Of all studies together; undefined where they were not run together. */
  readonly makespanSeconds: number | undefined;
  /** Facts about machine and software by name: processor, cores, Node, engine fingerprint, commit. */
  readonly environment: readonly (readonly [string, string])[];
  /** What makes all of it again, one command a line. */
  readonly commands: readonly string[];
  /** What a reader must know before the figures, a paragraph each: reduced epochs, synthetic data. */
  readonly remarks: readonly string[];
}
