import { WeftError } from '@weft/core';
import { nearestName } from '@weft/core';
import { architectureNames, type Architecture, type ArchitectureName } from './architecture.ts';
import { dropoutCnn, simpleCnn } from './convolutional-networks.ts';
import { deepCnnBn } from './deep-cnn-bn.ts';
import { deepAnn, dropoutAnn, initialNn } from './dense-networks.ts';
import { vgg16 } from './vgg16.ts';

const byName: Readonly<Record<ArchitectureName, Architecture>> = {
  'initial-nn': initialNn,
  'dropout-ann': dropoutAnn,
  'deep-ann': deepAnn,
  'simple-cnn': simpleCnn,
  'dropout-cnn': dropoutCnn,
  'deep-cnn-bn': deepCnnBn,
  vgg16,
};

/** Whether `name` is a registered architecture. */
export function isArchitectureName(name: string): name is ArchitectureName {
  return (architectureNames as readonly string[]).includes(name);
}

/** The architecture called `name`. Throws a `WeftError` ('not-found') that lists the names and suggests the nearest. */
export function architecture(name: string): Architecture {
  if (isArchitectureName(name)) return byName[name];
  const near = nearestName(name, architectureNames);
  const suggestion = near === undefined ? '.' : `; did you mean "${near}"?`;
  throw new WeftError(
    'not-found',
    `there is no architecture "${name}"${suggestion} Known: ${architectureNames.join(', ')}. A model of your own is read from a topology file.`,
  );
}
