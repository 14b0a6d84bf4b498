import { formatCount, formatFraction, formatLoss, formatSeconds } from './format.ts';
import { statusLine } from './progress-line.ts';
import type { RunEnding } from './reporter.ts';

/** What a run comes to, for people, with an empty line before it. */
export function summaryLines({ status, result, folder }: RunEnding): string[] {
  const rows: (readonly [string, string])[] = [];
  if (result !== undefined) {
    rows.push(
      ['data set', status.dataSet.synthetic ? `${status.dataSet.name} (synthetic data)` : status.dataSet.name],
      ['test accuracy', `${formatFraction(result.testAccuracy)}  (loss ${formatLoss(result.testLoss)})`],
      ...topRows(result.testTopAccuracies),
      [
        'validation accuracy',
        `${formatFraction(result.validationAccuracy)}  (loss ${formatLoss(result.validationLoss)})`,
      ],
      ['training time', `${formatSeconds(result.seconds)}  (${formatCount(result.examplesPerSecond)} examples/s)`],
      ['engine', status.engineFingerprint],
    );
  }
  if (folder !== undefined) rows.push(['results', folder]);
  if (result !== undefined) rows.push(['weights digest', result.weightsDigest]);
  const isWhole = result !== undefined && (status.earlyStopping === null || status.position === status.totalSteps);
  const wordOf = isWhole ? 'finished' : statusLine(status);
  return ['', `run ${status.runId} ${wordOf}`, ...rows.map(([name, value]) => `  ${name.padEnd(20)} ${value}`)];
}

/** Among how many of the best classes the right one is counted, where there are more than that. */
const topClasses = 3;

function topRows(accuracies: readonly number[]): (readonly [string, string])[] {
  const share = accuracies.length > topClasses ? accuracies[topClasses - 1] : undefined;
  return share === undefined ? [] : [[`test top ${String(topClasses)}`, formatFraction(share)]];
}
