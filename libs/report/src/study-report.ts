/** The report of one study or several: a page, and the same as Markdown, CSV and JSON. A function of its input alone. */
import type { ReportDocument, Section } from './document/block.ts';
import { markdown } from './document/markdown.ts';
import { page } from './document/page.ts';
import type { StudyReportInput } from './input/study-report-input.ts';
import { studyCsv } from './outputs/study-csv.ts';
import { studyJson } from './outputs/study-json.ts';
import { plural } from './results/figure-text.ts';
import { bestModel } from './sections/best-model.ts';
import { costs } from './sections/costs.ts';
import { models } from './sections/models.ts';
import { opening } from './sections/opening.ts';
import { reference } from './sections/reference.ts';
import { reproduce } from './sections/reproduce.ts';
import { studySection } from './sections/study.ts';
import { summary } from './sections/summary.ts';
import { trialSection } from './sections/trials.ts';

/** Each the text of a file. */
export interface StudyReport {
  /** Needs nothing else: no script, no font, no network. */
  readonly html: string;
  /** Without drawings and pictures. */
  readonly markdown: string;
  /** A line for each trial of each study, complete. */
  readonly csv: string;
  /** Everything, epochs included; see `outputs/study-json.ts`. */
  readonly json: string;
}

/** Equal inputs give equal bytes. Of large studies the page and the Markdown show a part, and say which. */
export function renderStudyReport(input: StudyReportInput): StudyReport {
  const document = documentOf(input);
  return { html: page(document), markdown: markdown(document), csv: studyCsv(input), json: studyJson(input) };
}

function documentOf(input: StudyReportInput): ReportDocument {
  const { title, createdAt, studies, references } = input;
  const sections: (Section | undefined)[] = [
    ...[summary(input), reference(input), ...studies.map((study, at) => studySection(study, at, references))],
    ...[bestModel(input), costs(studies), models(input.models), reproduce(input), trialSection(studies)],
  ];
  const trials = studies.reduce((sum, study) => sum + study.trials.length, 0);
  return {
    title,
    subtitle: `${plural(studies.length, 'study', 'studies')}, ${plural(trials, 'trial')}; made ${minuteOf(createdAt)}`,
    opening: opening(input),
    sections: sections.filter((section) => section !== undefined),
  };
}

/** `2026-01-02T03:04:05.678Z` as `2026-01-02 03:04 UTC`; anything else as it is. */
function minuteOf(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*Z$/, '$1 $2 UTC');
}
