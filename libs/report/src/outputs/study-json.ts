/** A whole report as JSON: all that went in, and what was compared with what. */
import type { ReportedEpoch, ReportedTrial } from '../input/reported-trial.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { comparisonsOf } from '../results/comparison.ts';

/**
 * One object. Settings are objects by name; epochs are columns, one array a figure; pixels are Base64; numbers that JSON has no word
 * for are the strings `NaN`, `Infinity` and `-Infinity`; what is undefined is left out, and null within arrays.
 */
export function studyJson(input: StudyReportInput): string {
  const { studies, best, references, ...rest } = input;
  const report = {
    format: 'weft-study-report/1',
    ...rest,
    best: best && {
      ...best,
      wrongImages: best.wrongImages.map((image) => ({ ...image, pixels: base64(image.pixels) })),
    },
    studies: studies.map((study) => ({ ...study, trials: study.trials.map(trialJson) })),
    references: references.map((table) => ({
      ...table,
      rows: comparisonsOf(studies, table).map(({ row, trials, ...comparison }) => ({
        ...{ ...row, settings: Object.fromEntries(row.settings) },
        ...{ ...comparison, runs: trials.map(({ runId }) => runId) },
      })),
    })),
  };
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))}\n`;
}

function trialJson({ settings, epochs, ...trial }: ReportedTrial): object {
  const column = (name: keyof ReportedEpoch): number[] => epochs.map((epoch) => epoch[name]);
  return {
    ...{ ...trial, settings: Object.fromEntries(settings) },
    epochs: {
      ...{ loss: column('loss'), accuracy: column('accuracy') },
      ...{ validationLoss: column('validationLoss'), validationAccuracy: column('validationAccuracy') },
      ...{ seconds: column('seconds'), examplesPerSecond: column('examplesPerSecond'), trainers: column('trainers') },
    },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
