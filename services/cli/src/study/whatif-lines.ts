/** What a study would have come to under other rules, as text. */
import { describeAssignment, valueOfLoss } from '@weft/studies';
import type { BestTrial, WhatIf } from '@weft/tuning';
import type { StudyDefinition } from '@weft/wire';
import { formatCount, formatSeconds } from '../output/format.ts';
import { table } from '../output/table.ts';
import { valueText } from './study-lines.ts';

const columns = [
  { title: 'stopped', align: 'right' },
  { title: 'after epoch', align: 'right' },
  { title: 'it came to', align: 'right' },
  { title: 'cell' },
  { title: 'why' },
] as const;

/** `rules` says which ones: `sampler grid, pruner asha (min-epochs 1)`. */
export function whatIfLines(answer: WhatIf, definition: StudyDefinition, rules: string): string[] {
  const { kept, stopped, epochs, seconds, best, bestOnRecord, regret, missing, trials } = answer;
  const metric = definition.objective?.metric ?? '';
  const valueOf = (loss: number | undefined): string =>
    valueText(loss === undefined ? null : valueOfLoss(definition, loss), metric);
  const bestText = (found: BestTrial | undefined): string =>
    found === undefined ? '-' : `${metric} ${valueOf(found.loss)}  (${trialName(found)})`;
  const rows: [string, string][] = [
    ['trials', `${String(kept)} kept, ${String(stopped)} stopped`],
    ['epochs', shareText(epochs, formatCount)],
    ...(seconds === undefined ? [] : [['training', shareText(seconds, formatSeconds)] as [string, string]]),
    ['best', bestText(best)],
    ['on record', bestText(bestOnRecord)],
    ...(regret === undefined
      ? []
      : [['lost', regret === 0 ? 'nothing: it is the same trial, or as good' : lostText(regret)] as [string, string]]),
  ];
  const gone = trials.filter(({ state }) => state === 'pruned');
  const stops = gone.map(({ proposal, losses, reason, recorded }) => [
    ...[String(proposal.trial), String(losses.length)],
    recorded?.outcome === 'pruned' ? '?' : valueOf(recorded?.losses.at(-1)),
    ...[trialName(proposal), reason ?? ''],
  ]);
  return [
    `with ${rules}:`,
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    ...(stops.length === 0 ? [] : ['', ...table(columns, stops)]),
    ...(missing.length === 0
      ? []
      : ['', 'Not on record, so the rest is not known:', ...missing.map((text) => `  ${text}`)]),
  ];
}

function trialName({ assignment, seed }: Pick<BestTrial, 'assignment' | 'seed'>): string {
  return `${describeAssignment(assignment)}, seed ${String(seed)}`;
}

function lostText(regret: number): string {
  return `${String(Number(regret.toPrecision(3)))} of the objective`;
}

function shareText(
  { recorded, needed }: { readonly recorded: number; readonly needed: number },
  format: (value: number) => string,
): string {
  const saved = recorded > 0 ? ` (${String(Math.round(100 * (1 - needed / recorded)))} % saved)` : '';
  return `${format(needed)} of ${format(recorded)} on record${saved}`;
}
