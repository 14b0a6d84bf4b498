import { architecture, topologyOf, type ArchitectureName } from '@weft/nn-models';
import { parametersFor } from '../contract/contract-examples.ts';
import type { ExportedModel } from './exported-model.ts';

/** An architecture with fixed parameters, and metadata of each kind. */
export function exportedExample(name: ArchitectureName): ExportedModel {
  const model = architecture(name).build();
  const metadata = { classNames: ['coat', 'bag'], run: 'a-run', preprocessing: { divideBy: 255 } };
  const example = { topology: topologyOf(model), parameters: parametersFor(model), metadata };
  model.dispose();
  return { ...example, loss: 'categoricalCrossentropy' };
}
