import { command } from '../command.ts';
import { formatSeconds } from '../output/format.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { table } from '../output/table.ts';
import { readStudyResults } from '../study/follow-studies.ts';
import { isOver, trialFigures, type StudyFigures, type TrialFigures } from '../study/study-figures.ts';
import { countsText, studyStateLine, trialText, valueText } from '../study/study-lines.ts';
import { withStudy } from '../study/study-place.ts';
import { studyOperand, studyPlaceOptions } from '../study/sweep-options.ts';

const columns = [
  { title: 'trial', align: 'right' },
  { title: 'state' },
  { title: 'epochs', align: 'right' },
  { title: 'objective', align: 'right' },
  { title: 'tries', align: 'right' },
  { title: 'cell' },
  { title: 'why' },
] as const;

/** Shows where a study is. */
export const sweepStatusCommand = command(
  {
    name: 'weft sweep status',
    summary: 'Shows how far a study is: trials done, running, waiting, excused, missing.',
    options: studyPlaceOptions,
    operands: { study: studyOperand },
  },
  async ({ study: studyId, json, ...place }, { context }) =>
    withStudy(place, studyId, context, async ({ client, signal, attended }) => {
      const { study, trials } = await readStudyResults(client, studyId, signal);
      const { output } = context;
      const figures = trials.map(trialFigures);
      if (json) {
        output.write(jsonLine({ event: 'study', version: 1, ...study, cluster: null }));
        for (const trial of figures) output.write(jsonLine({ event: 'trial', studyId, ...trial }));
        return 0;
      }
      const idle = !attended && !isOver(study);
      const state = idle ? `interrupted; go on with: weft sweep resume ${studyId}` : studyStateLine(study);
      output.write(`study ${studyId} ${state}\n`);
      output.write(`  trials  ${countsText(study)}\n`);
      output.write(`  time    ${formatSeconds(study.seconds)} at work\n\n`);
      output.write(
        `${table(
          columns,
          figures.map((trial) => rowOf(trial, study)),
        ).join('\n')}\n`,
      );
      return 0;
    }),
);

function rowOf(trial: TrialFigures, { objective }: StudyFigures): string[] {
  const { phase, epochs, attempts, value, reason } = trial;
  return [
    ...[String(trial.trial), phase, String(epochs), valueText(value, objective), String(attempts), trialText(trial)],
    phase === 'complete' ? '' : reason,
  ];
}
