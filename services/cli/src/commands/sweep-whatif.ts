import { WeftError } from '@weft/core';
import { integerOption, listOption, stringOption } from '@weft/options';
import {
  completePruner,
  completeSampler,
  problemOfPruner,
  problemOfSampler,
  recordedResults,
  rulesOf,
  type MethodInit,
} from '@weft/studies';
import { prunerNames, samplerNames, whatIf } from '@weft/tuning';
import { create, StudyDefinitionSchema, type StudyDefinition } from '@weft/wire';
import { command } from '../command.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { readStudyResults } from '../study/follow-studies.ts';
import { withStudy } from '../study/study-place.ts';
import { mostCells, studyOperand, studyPlaceOptions } from '../study/sweep-options.ts';
import { whatIfLines } from '../study/whatif-lines.ts';

const assignment = /^([a-zA-Z-]+)=(-?[0-9.]+(?:e-?[0-9]+)?)$/;
const settingItem = stringOption({
  ...{ summary: '', placeholder: 'NAME=NUMBER' },
  accept: { test: (text) => assignment.test(text), rule: 'NAME=NUMBER' },
});

/** Replays a sampler or a pruner over the results of a study. */
export const sweepWhatifCommand = command(
  {
    name: 'weft sweep whatif',
    summary: 'Says what another sampler or pruner would have kept, lost and saved on a study that was run.',
    options: {
      pruner: stringOption({
        summary: `none, ${prunerNames.join(', ')}; default that of the study.`,
        placeholder: 'NAME',
      }),
      set: listOption({ item: settingItem, summary: 'Settings of the pruner.' }),
      sampler: stringOption({ summary: `${samplerNames.join(', ')}; default that of the study.`, placeholder: 'NAME' }),
      samplerSet: listOption({ item: settingItem, summary: 'Settings of the sampler.' }),
      cells: integerOption({ summary: 'Cells at most; default those of the study.', min: 1, max: mostCells }),
      concurrency: integerOption({ summary: 'Logical slots; default those of the study.', min: 1, max: 1024 }),
      ...studyPlaceOptions,
    },
    operands: { study: studyOperand },
    notes: [
      'Runs are exact: a study that is really run with these rules makes the same decisions. Results that are not on record are never guessed.',
    ],
    examples: [
      'weft sweep whatif STUDY --pruner asha --set reductionFactor=3',
      'weft sweep whatif STUDY --pruner median',
    ],
  },
  async (values, { context }) =>
    withStudy(values, values.study, context, async ({ client, signal }) => {
      const { definition, trials } = await readStudyResults(client, values.study, signal);
      const changed = withRules(definition, values);
      const answer = whatIf(rulesOf(changed), recordedResults(definition, trials));
      const rules = `sampler ${methodText(changed.sampler)}, pruner ${methodText(changed.pruner)}`;
      if (values.json) {
        const { kept, stopped, epochs, seconds, regret, missing } = answer;
        const figures = { kept, stopped, epochs, seconds: seconds ?? null, regret: regret ?? null, missing };
        context.output.write(jsonLine({ event: 'whatif', studyId: values.study, rules, ...figures }));
      } else context.output.write(`${whatIfLines(answer, changed, rules).join('\n')}\n`);
      return 0;
    }),
);

interface RuleValues {
  readonly pruner: string | undefined;
  readonly set: readonly string[];
  readonly sampler: string | undefined;
  readonly samplerSet: readonly string[];
  readonly cells: number | undefined;
  readonly concurrency: number | undefined;
}

/** The definition with the rules that were asked for. Throws 'invalid-argument' that lists what is wrong with them. */
function withRules(definition: StudyDefinition, values: RuleValues): StudyDefinition {
  const sampler = changedMethod(definition.sampler, values.sampler, values.samplerSet);
  const pruner = values.pruner === 'none' ? undefined : changedMethod(definition.pruner, values.pruner, values.set);
  const problems = [
    sampler === undefined ? 'the study has no sampler' : problemOfSampler(sampler),
    pruner === undefined ? undefined : problemOfPruner(pruner),
    pruner === undefined && values.set.length > 0
      ? '--set: there is no pruner to set anything of; give --pruner'
      : undefined,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new WeftError('invalid-argument', problems.join('; '));
  const { base, objective, models, optimizers, parameters, trialSeeds, seed, name, scaleLearningRate } = definition;
  return create(StudyDefinitionSchema, {
    ...{ name, models, optimizers, parameters, trialSeeds, seed, scaleLearningRate },
    ...(base === undefined ? {} : { base }),
    ...(objective === undefined ? {} : { objective }),
    ...(sampler === undefined ? {} : { sampler: completeSampler(sampler) }),
    ...(pruner === undefined ? {} : { pruner: completePruner(pruner) }),
    maxCells: values.cells ?? definition.maxCells,
    concurrency: values.concurrency ?? definition.concurrency,
  });
}

/** Another method begins with its defaults, the same one with what the study has. */
function changedMethod(
  own: MethodInit | undefined,
  name: string | undefined,
  settings: readonly string[],
): MethodInit | undefined {
  const base = name === undefined || name === own?.name ? own : { name, settings: {} };
  if (base === undefined) return undefined;
  const changes = settings.map((text) => assignment.exec(text)).map((match) => [match?.[1] ?? '', Number(match?.[2])]);
  return {
    name: base.name,
    settings: { ...base.settings, ...(Object.fromEntries(changes) as Record<string, number>) },
  };
}

function methodText(method: MethodInit | undefined): string {
  if (method === undefined) return 'none';
  const settings = Object.entries(method.settings).map(([name, value]) => `${name} ${String(value)}`);
  return settings.length === 0 ? method.name : `${method.name} (${settings.join(', ')})`;
}
