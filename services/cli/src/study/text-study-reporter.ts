/** Reports studies to people: finished trials as lines, and a live line on a terminal. */
import type { Output } from '../context.ts';
import { formatSeconds } from '../output/format.ts';
import { table } from '../output/table.ts';
import type { StudyFigures } from './study-figures.ts';
import { countsText, failedText, liveLine, studyStateLine, trialLine, trialText, valueText } from './study-lines.ts';
import type { StudyEnding, StudyReporter } from './study-reporter.ts';

const clearLine = '\r\u001b[2K';
/** How often a log without a terminal says where studies are. */
const plainIntervalMs = 30_000;
/** Cells that are shown at the end. */
const mostCells = 20;

/** `trainers` says on what: `2 local trainers`. */
export function textStudyReporter(
  output: Output,
  settings: { readonly trainers: string; readonly nowMs: () => number },
): StudyReporter {
  const studies = new Map<string, StudyFigures>();
  const told = new Set<string>();
  let live = false;
  let lastPlainMs = settings.nowMs();

  const print = (line: string): void => {
    output.write(`${live ? clearLine : ''}${line}\n`);
    live = false;
  };
  const draw = (): void => {
    const now = [...studies.values()];
    if (output.isTerminal) {
      output.write(`${clearLine}${liveLine(now, output.columns)}`);
      live = true;
    } else if (settings.nowMs() - lastPlainMs >= plainIntervalMs) {
      lastPlainMs = settings.nowMs();
      print(liveLine(now, 200));
    }
  };
  const labelOf = (study: StudyFigures): string => (studies.size > 1 ? `${study.name}  ` : '');

  return {
    begun: (study) => {
      print(`study ${study.studyId} on ${settings.trainers}: ${countsText(study)}`);
      studies.set(study.studyId, study);
    },
    study: (study) => {
      const before = studies.get(study.studyId);
      studies.set(study.studyId, study);
      if (before !== undefined && before.phase !== study.phase) {
        print(`  ${labelOf(study)}${studyStateLine(study)}`);
      }
      draw();
    },
    trial: (study, trial) => {
      const over = trial.phase !== 'waiting' && trial.phase !== 'running';
      const key = `${study.studyId} ${String(trial.trial)} ${trial.phase}`;
      if (!over || told.has(key)) return;
      told.add(key);
      print(trialLine(trial, study, labelOf(study)));
      draw();
    },
    notice: (text) => print(`  ! ${text}`),
    ended: (ending) => endLines(ending).forEach(print),
    dropped: () => {
      if (live) output.write('\n');
      live = false;
    },
  };
}

/** What a study comes to, for people, with an empty line before it. */
function endLines({ study, failed, tableDigest, cells, folder }: StudyEnding): string[] {
  const { best, costs, seconds } = study;
  const useful = costs.trainerSeconds > 0 ? Math.round((100 * costs.usefulSeconds) / costs.trainerSeconds) : 0;
  const rows: [string, string][] = [
    ['trials', countsText(study)],
    ...(failed.length === 0 ? [] : [['no result', failedText(study.studyId, failed)] as [string, string]]),
    ...(best === null
      ? []
      : [
          ['best', `${study.objective} ${valueText(best.value, study.objective)}  (${trialText(best)})`] as [
            string,
            string,
          ],
        ]),
    ['time', `${formatSeconds(seconds)}${useful === 0 ? '' : `, ${String(useful)} % of it in steps that count`}`],
    ...(folder === undefined ? [] : [['results', folder] as [string, string]]),
    ['table digest', tableDigest],
  ];
  const columns = cells.titles.map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' }) as const);
  const shown = table(columns, cells.rows.slice(0, mostCells)).map((line) => `  ${line}`);
  const more = cells.rows.length - mostCells;
  return [
    ...['', ...(cells.rows.length === 0 ? [] : [...shown, ...(more > 0 ? [`  and ${String(more)} more`] : []), ''])],
    `study ${study.studyId} ${studyStateLine(study)}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
  ];
}
