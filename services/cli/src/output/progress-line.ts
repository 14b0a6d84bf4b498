/** The lines of a run, as text. Pure: what is printed where is the reporters' business. */
import type { EpochFigures, ProgressFigures, RunStatus, RunSummary } from '../run/figures.ts';
import { formatCount, formatFraction, formatLoss, formatSeconds } from './format.ts';
import { scheduleLines } from './schedule-lines.ts';
import { remainingSeconds } from './remaining-time.ts';

const blocks = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `width` characters, filled to `share` in [0, 1] in eighths of a character. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  const filled = '█'.repeat(full) + (blocks[eighths % 8] ?? '');
  return filled.padEnd(width);
}

/** The live line of the epoch under way, cut to `columns`. */
export function progressLine(run: RunSummary, progress: ProgressFigures, columns: number): string {
  const { step, stepsPerEpoch, loss, accuracy, examplesPerSecond } = progress;
  const left = remainingSeconds(run, progress);
  const figures = [
    `${formatCount(examplesPerSecond)} ex/s`,
    `loss ${formatLoss(loss)}`,
    `acc ${formatFraction(accuracy)}`,
    ...(left === undefined ? [] : [`ETA ${formatSeconds(left)}`]),
  ].join('  ');
  const count = `${String(step).padStart(String(stepsPerEpoch).length)}/${String(stepsPerEpoch)}`;
  const head = epochOf(run, progress.epoch);
  const width = Math.min(20, columns - head.length - count.length - figures.length - 8);
  const drawn = width >= 5 ? `${bar(step / stepsPerEpoch, width)} ` : '';
  return `${head}  ${drawn}${count}  ${figures}`.slice(0, Math.max(20, columns - 1));
}

/** The line of an epoch that is over. `left` is the remaining time, where known. */
export function epochLine(run: RunSummary, epoch: EpochFigures): string {
  const left = remainingSeconds(run, { ...epoch, step: 1, stepsPerEpoch: 1 });
  return [
    epochOf(run, epoch.epoch),
    formatSeconds(epoch.seconds).padStart(7),
    `${formatCount(epoch.examplesPerSecond).padStart(8)} ex/s`,
    `loss ${formatLoss(epoch.loss)}`,
    `acc ${formatFraction(epoch.accuracy)}`,
    `val loss ${formatLoss(epoch.validationLoss)}`,
    `val acc ${formatFraction(epoch.validationAccuracy)}`,
    ...(left === undefined || left === 0 ? [] : [`ETA ${formatSeconds(left)}`]),
  ].join('  ');
}

/** What is about to be trained, in a few lines. */
export function headLines(run: RunSummary, trainers: string): string[] {
  const { dataSet, optimizer } = run;
  const settings = Object.entries(optimizer.settings)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `, ${name} ${String(value)}`)
    .join('');
  const counts = [dataSet.trainExamples, dataSet.validationExamples, dataSet.testExamples].map(formatCount);
  return [
    `run ${run.runId}: ${run.model} on ${dataSet.name} with ${trainers}`,
    ...(dataSet.synthetic ? [`  synthetic data: generated pictures, no figure says anything about real clothes`] : []),
    `  ${counts.join(' / ')} examples to train, validate, test`,
    `  ${optimizer.name}, learning rate ${String(optimizer.learningRate)}${settings}`,
    `  batch ${formatCount(run.batchSize)} in chunks of ${String(run.chunkSize)}, ${String(run.epochs)} epochs, seed ${String(run.seed)}`,
    ...scheduleLines(run).map((line) => `  ${line}`),
  ];
}

/** Why a run is where it is: `waiting for 1 of 2 trainers`. */
export function statusLine(status: RunStatus): string {
  return status.reason === '' ? status.phase : `${status.phase}: ${status.reason}`;
}

function epochOf(run: RunSummary, epoch: number): string {
  return `epoch ${String(epoch).padStart(String(run.epochs).length)}/${String(run.epochs)}`;
}
