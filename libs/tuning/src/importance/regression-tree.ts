import type { PhiloxStream } from '@weft/core';
import type { SearchSpace } from '../space/parameter.ts';
import { wholeAxis, type Box } from './box.ts';
import type { Response } from './responses.ts';
import { bestSplit, type Split } from './split.ts';

/** A box in which the tree expects one loss. */
export interface Leaf {
  readonly box: Box;
  readonly loss: number;
}

/**
 * Grows a regression tree (Breiman et al. 1984) and returns its leaves, whose boxes divide the space among them.
 *
 * At each node five of six axes are looked at, drawn from the stream, as in a random forest. An axis is cut only where its
 * parameter counts for all responses at the node: where it does not count, it cannot matter.
 */
export function growTree(space: SearchSpace, responses: readonly Response[], stream: PhiloxStream): Leaf[] {
  const leaves: Leaf[] = [];
  const grow = (box: Box, here: readonly Response[]): void => {
    const split = bestOf(box, here, drawAxes(space.length, stream));
    if (split === undefined) {
      leaves.push({ box, loss: here.reduce((sum, { loss }) => sum + loss, 0) / here.length });
      return;
    }
    grow(box.with(split.axis, split.left), split.leftResponses);
    grow(box.with(split.axis, split.right), split.rightResponses);
  };
  grow(space.map(wholeAxis), responses);
  return leaves;
}

function bestOf(box: Box, responses: readonly Response[], axes: readonly number[]): Split | undefined {
  let best: Split | undefined;
  for (const axis of axes) {
    const region = box[axis];
    const split = region === undefined ? undefined : bestSplit(axis, region, responses);
    if (split !== undefined && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** Ascending. */
function drawAxes(count: number, stream: PhiloxStream): number[] {
  const axes = Array.from({ length: count }, (_, axis) => axis);
  const left = Math.ceil((5 / 6) * count);
  while (axes.length > left) axes.splice(stream.below(axes.length), 1);
  return axes;
}
