/** The options that say where a run takes place, and the reporter for its output. */
import { engineNames } from '@weft/engine';
import { addressOption, choiceOption, flagOption, integerOption, stringOption } from '@weft/options';
import { TransportSetting } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import { jsonReporter } from '../output/json-reporter.ts';
import type { Reporter } from '../output/reporter.ts';
import { textReporter } from '../output/text-reporter.ts';

const section = 'Cluster';

/** What `transportOption` takes. */
export type TransportName = 'auto' | 'star' | 'direct';

export const coordinatorOption = addressOption({
  summary: 'Use the coordinator there instead of a local cluster.',
  environment: 'WEFT_COORDINATOR',
  section,
});

export const stateDirOption = stringOption({
  summary: 'Where local runs are kept; default $XDG_STATE_HOME/weft, else ~/.local/state/weft.',
  placeholder: 'DIR',
  environment: 'WEFT_STATE_DIR',
  section,
});

export const trainersOption = integerOption({
  summary: 'Trainer processes; with --coordinator, how many the run waits for.',
  min: 1,
  max: 64,
  alias: 't',
  section,
});

export const minTrainersOption = integerOption({
  summary: 'With fewer trainers the run pauses until more come.',
  min: 1,
  max: 64,
  default: 1,
  section,
});

export const maxTrainersOption = integerOption({
  summary: 'With --coordinator: the run gets no more; 0: as many as make it faster, measured. Default: every idle one.',
  min: 0,
  max: 1024,
  section,
});

export const priorityOption = integerOption({
  summary: 'With --coordinator: runs with a higher one get trainers first.',
  min: -1000,
  max: 1000,
  default: 0,
  section,
});

export const transportOption = choiceOption({
  summary: 'How partial sums travel: through the coordinator, from trainer to trainer, or whichever should be faster.',
  choices: ['auto', 'star', 'direct'],
  default: 'auto',
  section,
});

/** `transportOption` on the wire. */
export const transportSettings: Readonly<Record<TransportName, TransportSetting>> = {
  auto: TransportSetting.UNSPECIFIED,
  star: TransportSetting.STAR,
  direct: TransportSetting.DIRECT,
};

export const engineOption = choiceOption({
  summary: 'Numeric back end of the local trainers.',
  choices: engineNames,
  environment: 'WEFT_ENGINE',
  section,
});

export const outputOptions = {
  json: flagOption({
    summary: 'One JSON object a line on standard output; see docs/json-output.md.',
    section: 'Output',
  }),
  verbose: flagOption({ summary: 'Stack traces with errors.', section: 'Output' }),
} as const;

/** The reporter for `--json`, a terminal, or a log. */
export function reporterFor(json: boolean, trainers: string, context: CommandContext): Reporter {
  const { output, nowMs } = context;
  return json ? jsonReporter((text) => output.write(text)) : textReporter(output, { trainers, nowMs });
}

/** `1 local trainer`, `2 local trainers`. */
export function localTrainers(count: number): string {
  return `${String(count)} local ${count === 1 ? 'trainer' : 'trainers'}`;
}
