/**
 * Finds the examples behind a step whose loss or gradient is not finite, or far larger than it should be.
 *
 * Bisection, largest first: of all parts of the step that are known, the one with the largest gradient norm (or one that is not
 * finite) is cut in halves, along the reduction tree down to chunks and then along the examples of a chunk, until single examples
 * are left. Of a step with n examples about 2 log2(n) gradients are computed for each example found, not n.
 */
import { chunksOf, rootLevel, type ExampleRange, type TreeNode } from '@weft/core';
import type { TrainingRun } from './training-run.ts';

/** What part of a step gives by itself. */
export interface PartFigures {
  /** Sum of the losses. */
  readonly loss: number;
  /** Euclidean norm of the gradient sum; infinite where it is not finite. */
  readonly gradientNorm: number;
}

/** An example, and what it gives by itself. */
export interface ResponsibleExample extends PartFigures {
  /** Number within the training examples. */
  readonly example: number;
  readonly label: number;
  readonly chunk: number;
}

/** Examples of one chunk of which none is to blame by itself. */
export interface ResponsibleGroup extends PartFigures {
  readonly examples: readonly number[];
  readonly chunk: number;
}

/** What was found, the worst first. */
export interface Blame {
  /** Of the whole step. */
  readonly step: PartFigures;
  /** Where this is false, every example gives a gradient that is not finite: an earlier step did the harm. */
  readonly parametersFinite: boolean;
  readonly examples: readonly ResponsibleExample[];
  /** Halves that are not finite together, though each is. */
  readonly groups: readonly ResponsibleGroup[];
}

type Part = PartFigures &
  (
    | { readonly kind: 'node'; readonly node: TreeNode }
    | { readonly kind: 'examples'; readonly chunk: number; readonly places: ExampleRange }
  );

/** The examples of the step in hand with the largest gradients, at most `limit`; of a step that is not finite, those to blame. */
export async function responsibleExamples(run: TrainingRun, limit: number): Promise<Blame> {
  const into = new Float32Array(run.layoutSize);
  const parametersFinite = run.isFinite;
  const root = await measureNode(run, { level: rootLevel(run.chunkCount), index: 0 }, into);
  const isBroken = !Number.isFinite(root.gradientNorm);
  const parts: Part[] = [root];
  const examples: ResponsibleExample[] = [];
  const groups: ResponsibleGroup[] = [];
  while (examples.length + groups.length < limit) {
    const worst = takeLargest(parts);
    if (worst === undefined || (isBroken && Number.isFinite(worst.gradientNorm))) break;
    const halves = await halvesOf(run, worst, into);
    if (halves.length === 0) examples.push(exampleOf(run, worst));
    else if (isBroken && halves.every(({ gradientNorm }) => Number.isFinite(gradientNorm))) {
      groups.push(groupOf(run, worst));
    } else parts.push(...halves);
  }
  const { loss, gradientNorm } = root;
  return { step: { loss, gradientNorm }, parametersFinite, examples, groups };
}

/** The first of the largest: among equals the one that was found first, so that the answer is always the same. */
function takeLargest(parts: Part[]): Part | undefined {
  let largest = 0;
  for (const [index, { gradientNorm }] of parts.entries()) {
    if (gradientNorm > (parts[largest]?.gradientNorm ?? 0)) largest = index;
  }
  return parts.splice(largest, 1)[0];
}

/** A part cut in two; none where it is a single example. */
async function halvesOf(run: TrainingRun, part: Part, into: Float32Array): Promise<Part[]> {
  if (part.kind === 'node' && part.node.level > 0) {
    const { level, index } = part.node;
    const nodes = [index * 2, index * 2 + 1].map((child) => ({ level: level - 1, index: child }));
    const halves: Part[] = [];
    for (const node of nodes) {
      const { first, end } = chunksOf(node, run.chunkCount);
      if (end > first) halves.push(await measureNode(run, node, into));
    }
    return halves;
  }
  const { chunk, places } = placesOf(run, part);
  if (places.end - places.first <= 1) return [];
  const middle = Math.ceil((places.first + places.end) / 2);
  const halves: Part[] = [];
  for (const range of [
    { first: places.first, end: middle },
    { first: middle, end: places.end },
  ]) {
    const { loss } = await run.contributeExamples(range, chunk, into);
    halves.push({ kind: 'examples', chunk, places: range, ...figuresOf(loss, into) });
  }
  return halves;
}

async function measureNode(run: TrainingRun, node: TreeNode, into: Float32Array): Promise<Part> {
  // Statistics of the whole step, where a model takes them, are those of the node here.
  const { loss } = await run.contribute(node, into, (_, local) => Promise.resolve(local));
  return { kind: 'node', node, ...figuresOf(loss, into) };
}

function figuresOf(loss: number, contribution: Float32Array): PartFigures {
  let squares = loss * 0;
  for (const value of contribution) squares += value * value;
  return { loss, gradientNorm: Number.isFinite(squares) ? Math.sqrt(squares) : Infinity };
}

/** Where the examples of a leaf lie in the epoch's order. */
function placesOf(run: TrainingRun, part: Part): { readonly chunk: number; readonly places: ExampleRange } {
  if (part.kind === 'examples') return part;
  return { chunk: part.node.index, places: run.chunkExamples(part.node.index) };
}

function exampleOf(run: TrainingRun, part: Part): ResponsibleExample {
  const { chunk, places } = placesOf(run, part);
  const { loss, gradientNorm } = part;
  return { ...run.exampleAt(places.first), chunk, loss, gradientNorm };
}

function groupOf(run: TrainingRun, part: Part): ResponsibleGroup {
  const { loss, gradientNorm } = part;
  const chunks =
    part.kind === 'node' ? chunksOf(part.node, run.chunkCount) : { first: part.chunk, end: part.chunk + 1 };
  const examples: number[] = [];
  for (let chunk = chunks.first; chunk < chunks.end; chunk++) {
    const { first, end } = part.kind === 'examples' ? part.places : run.chunkExamples(chunk);
    for (let place = first; place < end; place++) examples.push(run.exampleAt(place).example);
  }
  return { examples, chunk: chunks.first, loss, gradientNorm };
}
