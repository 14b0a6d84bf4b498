import type { ArchitectureName } from '@weft/nn-models';

/** A request for a gradient whose bits are compared: a model and the sizes of a subtree's chunks. */
export interface GradientCase {
  readonly model: ArchitectureName;
  readonly chunkSizes: readonly number[];
}

/** Large enough that more of them would show nothing new, and take minutes. */
const vggLimit = 32;

/**
 * For each model the chunk sizes that runs have, the short last ones among them, each alone; and chunks of 32 with a short one
 * in one request. Sizes over 32 are left out for VGG-16.
 */
export function gradientCases(models: readonly ArchitectureName[], sizes: readonly number[]): GradientCase[] {
  return models.flatMap((model) => {
    const feasible = sizes.filter((size) => model !== 'vgg16' || size <= vggLimit);
    const requests = [...feasible.map((size) => [size]), model === 'vgg16' ? [8, 8, 1] : [32, 32, 32, 8]];
    return requests.map((chunkSizes) => ({ model, chunkSizes }));
  });
}

/** `simple-cnn 32+32+8`. */
export function caseTitle({ model, chunkSizes }: GradientCase): string {
  return `${model} ${chunkSizes.join('+')}`;
}
