/** A study as libs/report is told of it. */
import { createHash } from 'node:crypto';
import { importanceShares, type ReportedStudy, type ReportedTrial } from '@weft/report';
import {
  assignmentOf,
  resultTable,
  settings,
  settingValue,
  spaceOf,
  trialConfiguration,
  trialPhase,
  type MetricName,
} from '@weft/studies';
import { encodeMessage, StudyDefinitionSchema, type StudyDefinition, type Trial } from '@weft/wire';
import type { EndedStudy } from './follow-studies.ts';

/** Everything that a report says of a study. */
export function reportedStudy({ study, definition, trials, costs }: EndedStudy): ReportedStudy {
  const { studyId, phase, reason, counts, seconds } = study;
  const { objective } = definition;
  const reported: ReportedStudy = {
    ...{ studyId, title: titleOf(study.name), state: phase, reason, space: spaceOf(definition) },
    fixed: fixedSettings(definition),
    objective: {
      // A coordinator accepts no other.
      metric: (objective?.metric ?? 'validation-accuracy') as MetricName,
      maximize: objective?.maximize ?? true,
      bestEpoch: objective?.bestEpoch ?? false,
    },
    sampler: methodText(definition.sampler),
    pruner: methodText(definition.pruner),
    counts: { ...counts, planned: counts.planned === 0 ? undefined : counts.planned },
    costs: { makespanSeconds: seconds, ...study.costs, examples: Number(costs?.examples ?? 0) },
    trials: trials.map(reportedTrial),
    importance: [],
    digests: [
      ['result table', sha256(resultTable(definition, trials))],
      ['definition', sha256(encodeMessage(StudyDefinitionSchema, definition))],
    ],
  };
  return { ...reported, importance: importanceShares(reported, Number(definition.seed)) };
}

/** What the trials have in common: every setting that they do not vary and that has a value. */
function fixedSettings(definition: StudyDefinition): ReportedStudy['fixed'] {
  const varied = new Set(definition.parameters.map(({ name }) => name));
  const base = trialConfiguration(definition, new Map(), 0);
  return settings.flatMap(({ name, target }) => {
    // Where the optimizer varies, its settings differ too; so does the chunk with the batch.
    const follows =
      (varied.has('optimizer') && (target.part === 'optimizer-setting' || target.part === 'optimizer')) ||
      (name === 'chunk-size' && varied.has('batch-size'));
    const value = varied.has(name) || follows ? undefined : settingValue(base, name);
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
}

function reportedTrial(trial: Trial): ReportedTrial {
  const { cell, seed, state, reason, runId, attempts, epochs, result, configurationDigest, value } = trial;
  return {
    ...{ trial: trial.trial, cell, settings: assignmentOf(trial.settings), seed: Number(seed) },
    ...{ state: trialPhase(state), reason, runId, attempts, configurationDigest, value },
    epochs: epochs.map(({ worldSize, ...epoch }) => ({ ...epoch, trainers: worldSize })),
    result,
  };
}

/** `learning-rate` as `Learning rate`. */
function titleOf(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `tpe (candidates 24, startup 10)`; `none` for no method. */
function methodText(method: StudyDefinition['sampler']): string {
  if (method === undefined) return 'none';
  const parts = Object.entries(method.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = parts.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return text === '' ? method.name : `${method.name} (${text})`;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
