/** The commands that change a study and do not follow it. */
import { integerOption, listOption, stringOption } from '@weft/options';
import type { Study } from '@weft/wire';
import { command, type Command } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { isOver, studyFigures } from '../study/study-figures.ts';
import { countsText, studyStateLine } from '../study/study-lines.ts';
import { withStudy, type StudyAccess, type StudyPlace } from '../study/study-place.ts';
import { mostCells, studyOperand, studyPlaceOptions } from '../study/sweep-options.ts';

/** A grid may have any number of trials that a message can name. */
const lastTrial = 2 ** 32 - 1;

type Change = (access: StudyAccess) => Promise<{ readonly study?: Study | undefined }>;

/** Carries a change out and shows the study after it. */
async function changeStudy(
  values: StudyPlace & { readonly study: string; readonly json: boolean },
  context: CommandContext,
  change: Change,
): Promise<number> {
  return withStudy(values, values.study, context, async (access) => {
    const figures = studyFigures((await change(access)).study);
    if (values.json) {
      context.output.write(jsonLine({ event: 'study', version: 1, ...figures, cluster: null }));
      return 0;
    }
    context.output.write(`study ${figures.studyId} ${studyStateLine(figures)}\n  ${countsText(figures)}\n`);
    if (!access.attended && !isOver(figures)) {
      context.output.write(`nothing works on it now; go on with: weft sweep resume ${figures.studyId}\n`);
    }
    return 0;
  });
}

export const sweepPauseCommand: Command = command(
  {
    name: 'weft sweep pause',
    summary: 'Stops the runs of a study at once; `weft sweep resume` lets it go on.',
    options: studyPlaceOptions,
    operands: { study: studyOperand },
  },
  async (values, { context }) =>
    changeStudy(values, context, ({ client, signal }) => client.pauseStudy({ studyId: values.study }, { signal })),
);

export const sweepCancelCommand: Command = command(
  {
    name: 'weft sweep cancel',
    summary: 'Ends a study: trials without a result are excused.',
    options: {
      reason: stringOption({ summary: 'Told to everybody who asks.', default: 'cancelled by a person' }),
      ...studyPlaceOptions,
    },
    operands: { study: studyOperand },
  },
  async (values, { context }) =>
    changeStudy(values, context, ({ client, signal }) =>
      client.cancelStudy({ studyId: values.study, reason: values.reason }, { signal }),
    ),
);

export const sweepRetryCommand: Command = command(
  {
    name: 'weft sweep retry',
    summary: 'Tries excused trials of a study again.',
    options: {
      trials: listOption({
        item: integerOption({ summary: '', min: 0, max: lastTrial, placeholder: 'TRIAL' }),
        summary: 'Which ones; default all that are excused.',
      }),
      ...studyPlaceOptions,
    },
    operands: { study: studyOperand },
  },
  async (values, { context }) =>
    changeStudy(values, context, ({ client, signal }) =>
      client.retryTrials({ studyId: values.study, trials: [...values.trials] }, { signal }),
    ),
);

export const sweepExtendCommand: Command = command(
  {
    name: 'weft sweep extend',
    summary: 'Gives a study more cells, more seeds a cell, or more epochs a trial.',
    options: {
      cells: integerOption({ summary: 'Cells beyond those planned.', min: 0, max: mostCells, default: 0 }),
      seeds: listOption({
        item: integerOption({ summary: '', min: 0, max: 2 ** 48 - 1, placeholder: 'SEED' }),
        summary: 'Seeds beyond those that each cell has.',
      }),
      epochs: integerOption({
        summary: 'Epochs of each trial from now on; 0: as before.',
        min: 0,
        max: 1_000_000,
        default: 0,
      }),
      ...studyPlaceOptions,
    },
    operands: { study: studyOperand },
    examples: ['weft sweep extend STUDY --seeds 4,5', 'weft sweep extend STUDY --epochs 20'],
  },
  async (values, { context }) =>
    changeStudy(values, context, ({ client, signal }) =>
      client.extendStudy(
        {
          ...{ studyId: values.study, moreCells: values.cells, epochs: values.epochs },
          moreTrialSeeds: values.seeds.map(BigInt),
        },
        { signal },
      ),
    ),
);
