/** Loss and accuracy of each run over epochs, one figure a cell. */
import { curveChart, type Curve } from '../charts/curve-chart.ts';
import type { Block, Figure } from '../document/block.ts';
import type { ReportedEpoch } from '../input/reported-trial.ts';
import type { StudyCell } from '../results/cells.ts';
import { exceptionsOf } from '../results/cell-estimate.ts';
import { plural } from '../results/figure-text.ts';
import { limits } from '../results/limits.ts';
import type { Measure } from '../results/measure.ts';
import { ranked } from '../results/ranking.ts';

/** The figures, and what was left out; nothing where no trial has ended an epoch. */
export function curveFigures(cells: readonly StudyCell[], measure: Measure): Block[] {
  const begun = cells.filter(({ trials }) => trials.some(({ epochs }) => epochs.length > 0));
  if (begun.length === 0) return [];
  const few = begun.length <= limits.curveCells;
  const shown = few ? begun : ranked(begun, measure).slice(0, limits.curveCells);
  const range = accuracyRange(shown);
  const epochs = shown.reduce((most, { trials }) => Math.max(most, ...trials.map((trial) => trial.epochs.length)), 1);
  const rest = few
    ? ''
    : ` The best ${String(shown.length)} of ${String(begun.length)} cells are drawn; the JSON file has all.`;
  return [
    {
      kind: 'text',
      text:
        'Training is the mean over an epoch, while weights still change; validation is measured after it. Seeds of a cell share a ' +
        `figure. All accuracies here have one scale; each loss has its own.${rest}`,
    },
    { kind: 'figures', figures: shown.map((cell) => figureOf(cell, { range, epochs })) },
  ];
}

interface Scale {
  readonly range: readonly [number, number];
  readonly epochs: number;
}

function figureOf({ label, trials }: StudyCell, { range, epochs: last }: Scale): Figure {
  const begun = trials.filter(({ epochs }) => epochs.length > 0);
  const curves = (training: keyof ReportedEpoch, validation: keyof ReportedEpoch): Curve[] =>
    begun.map(({ epochs }) => ({
      training: epochs.map((epoch) => epoch[training]),
      validation: epochs.map((epoch) => epoch[validation]),
    }));
  const exceptions = exceptionsOf(trials);
  return {
    caption: `${label} (${plural(trials.length, 'seed')}${exceptions === '' ? '' : `; ${exceptions}`})`,
    drawings: [
      curveChart({ figure: 'loss', curves: curves('loss', 'validationLoss'), epochs: last, small: true }),
      curveChart({
        figure: 'accuracy',
        curves: curves('accuracy', 'validationAccuracy'),
        range,
        epochs: last,
        small: true,
      }),
    ],
  };
}

/** From the lowest to the highest accuracy, outwards to full fifths. */
function accuracyRange(cells: readonly StudyCell[]): [number, number] {
  let [low, high] = [1, 0];
  for (const { trials } of cells) {
    for (const { epochs } of trials) {
      for (const { accuracy, validationAccuracy } of epochs) {
        for (const value of [accuracy, validationAccuracy]) {
          if (!Number.isFinite(value)) continue;
          [low, high] = [Math.min(low, value), Math.max(high, value)];
        }
      }
    }
  }
  return low <= high ? [Math.floor(low * 5) / 5, Math.min(1, Math.ceil(high * 5) / 5)] : [0, 1];
}
