/** What a replay came to, as people read it. */
import { describeNonFinite } from '@weft/core';
import { formatCount, formatLoss } from '../output/format.ts';
import { table } from '../output/table.ts';
import type { Replay, ReplayedStep } from './replay-run.ts';

/** Lines without their ends. */
export function replayLines(replay: Replay): string[] {
  const { runId, from, remark, steps, firstDifference, asked, blame } = replay;
  const begin =
    from === 0
      ? `the seed${remark === null ? '' : ` (no checkpoint: ${remark})`}`
      : `the checkpoint at ${String(from)}`;
  const lines = [`run ${runId}: ${formatCount(steps)} step${steps === 1 ? '' : 's'} computed again from ${begin}`];
  if (firstDifference !== null) lines.push(...differenceLines(firstDifference));
  if (asked === null) lines.push('the step asked for was not reached: a step before it cannot be committed');
  else lines.push(askedLine(asked, steps, firstDifference !== null));
  if (blame !== null) lines.push(...blameLines(blame));
  return lines;
}

function placeOf({ position, epoch, step }: ReplayedStep): string {
  return `step ${String(position)} (epoch ${String(epoch)}, step ${String(step)})`;
}

function askedLine(asked: ReplayedStep, steps: number, differs: boolean): string {
  if (asked.loss === null) return `${placeOf(asked)}: ${nonFiniteText(asked)}; nothing can be committed`;
  if (asked.recorded === null) return `${placeOf(asked)}: digest ${asked.gradientDigest}; the ledger has no such line`;
  if (!asked.equal) return `${placeOf(asked)}: differs from the ledger`;
  const others = steps === 1 || differs ? '' : ', and so are those before it';
  return `${placeOf(asked)}: digest ${asked.gradientDigest}, equal to the ledger${others}`;
}

function nonFiniteText({ nonFinite }: ReplayedStep): string {
  return describeNonFinite(
    nonFinite === null ? undefined : { ...nonFinite, variable: nonFinite.variable ?? undefined },
  );
}

function differenceLines(step: ReplayedStep): string[] {
  const { recorded } = step;
  if (recorded === null) return [];
  return [
    `${placeOf(step)} is the first that differs from the ledger:`,
    `  gradient  ${step.gradientDigest}  ledger ${recorded.gradientDigest}`,
    `  loss      ${String(step.loss)}  ledger ${String(recorded.loss)}`,
    `  correct   ${String(step.correct)}  ledger ${String(recorded.correct)}`,
  ];
}

function blameLines({ step, parametersFinite, examples, groups }: NonNullable<Replay['blame']>): string[] {
  const lines = [
    `the step's loss is ${formatLoss(step.loss)}, its gradient sum has norm ${formatLoss(step.gradientNorm)}`,
  ];
  if (!parametersFinite) lines.push('parameters are not finite before this step: look at an earlier one');
  const columns = [
    { title: 'example', align: 'right' as const },
    { title: 'label', align: 'right' as const },
    { title: 'chunk', align: 'right' as const },
    { title: 'loss', align: 'right' as const },
    { title: 'gradient norm', align: 'right' as const },
  ];
  const rows = examples.map(({ example, label, chunk, loss, gradientNorm }) => [
    ...[String(example), String(label), String(chunk), formatLoss(loss), formatLoss(gradientNorm)],
  ]);
  if (rows.length > 0) lines.push(...table(columns, rows));
  for (const { examples: together, chunk } of groups) {
    lines.push(`not finite together, though each half is: chunk ${String(chunk)}, examples ${together.join(', ')}`);
  }
  return lines;
}
