/** The options that say where a run takes place, and the reporter for its output. */
import { engineNames } from '@weft/engine';
import { addressOption, choiceOption, flagOption, integerOption, stringOption } from '@weft/options';
import type { CommandContext } from '../context.ts';
import { jsonReporter } from '../output/json-reporter.ts';
import type { Reporter } from '../output/reporter.ts';
import { textReporter } from '../output/text-reporter.ts';

const section = 'Cluster';

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
