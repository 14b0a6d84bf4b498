import { formatFraction } from '../output/format.ts';
import { table, type Column } from '../output/table.ts';
import type { Prediction } from './predict-pictures.ts';

/**
 * Predictions as a table: the picture, its class and that class's probability, the classes after it, and, where there are any, what
 * examples really are and which pictures were inverted.
 */
export function predictionTable(predictions: readonly Prediction[]): string[] {
  const all: readonly (readonly [Column, (prediction: Prediction) => string, boolean])[] = [
    [{ title: 'image' }, ({ image }) => image, true],
    [{ title: 'class' }, ({ classes }) => classes[0]?.name ?? '-', true],
    [{ title: 'probability', align: 'right' }, ({ classes }) => formatFraction(classes[0]?.probability ?? NaN), true],
    [{ title: 'runner-up' }, runnersUp, predictions.some(({ classes }) => classes.length > 1)],
    [{ title: 'really' }, ({ label }) => label?.name ?? '-', predictions.some(({ label }) => label !== null)],
    [{ title: 'inverted' }, ({ inverted }) => (inverted ? 'yes' : 'no'), predictions.some(({ inverted }) => inverted)],
  ];
  const columns = all.filter(([, , isShown]) => isShown);
  return table(
    columns.map(([column]) => column),
    predictions.map((prediction) => columns.map(([, cell]) => cell(prediction))),
  );
}

function runnersUp({ classes }: Prediction): string {
  return classes
    .slice(1)
    .map(({ name, probability }) => `${name} ${formatFraction(probability)}`)
    .join(', ');
}
