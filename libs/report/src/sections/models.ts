import type { Block, Section } from '../document/block.ts';
import type { ReportedModel } from '../input/study-report-input.ts';
import { countText, plural } from '../results/figure-text.ts';

/** What each model is made of; undefined where none is told. */
export function models(all: readonly ReportedModel[]): Section | undefined {
  if (all.length === 0) return undefined;
  const overview: Block = {
    kind: 'table',
    caption: 'Models by their parameters; moving averages of batch normalization are parameters that are not trained.',
    columns: [
      { name: 'model', kind: 'head' },
      ...['layers', 'parameters', 'trained'].map((name) => ({ name, kind: 'number' }) as const),
    ],
    rows: all.map(({ name, layers, parameters, trainableParameters }) => [
      ...[name, countText(layers.length), countText(parameters), countText(trainableParameters)],
    ]),
  };
  return { id: 'models', title: 'Models', blocks: [overview, ...all.map(layerTable)] };
}

function layerTable({ name, layers, parameters }: ReportedModel): Block {
  return {
    ...{ kind: 'fold', printed: true },
    summary: `${name}: ${plural(layers.length, 'layer')}, ${plural(parameters, 'parameter')}`,
    blocks: [
      {
        kind: 'table',
        caption: `Layers of ${name}, in order; shapes are those of one example`,
        columns: [
          ...[{ name: 'layer', kind: 'head' } as const, { name: 'kind', kind: 'text' } as const],
          ...[{ name: 'output shape', kind: 'text' } as const, { name: 'parameters', kind: 'number' } as const],
        ],
        rows: layers.map(({ layer, kind, outputShape, parameters: count }) => [
          ...[layer, kind, outputShape.join(' x '), countText(count)],
        ]),
      },
    ],
  };
}
