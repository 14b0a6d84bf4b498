/**
 * The gradient over one subtree of chunks: groups of chunks run segment by segment, and what a segment gives is added along
 * the tree before the next one runs. So at most a path of the tree of contributions is held, however many segments there are.
 */
import { addInPlace, invariant, TreeSum } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';
import type { MetricSums, RoundExchange } from '../engine.ts';
import type { Round } from '../rounds/round-plan.ts';
import { packRound } from '../rounds/round-vector.ts';
import { stepExamples } from '../rounds/step-means.ts';
import { names } from '../trace/tracer.ts';
import { addVectors } from '../vector-sum.ts';
import { unshared } from './flat-tensors.ts';
import type { ProgramRun } from './program-run.ts';
import type { ChunkGroup } from './run-plan.ts';
import type { Runtime } from './runtime.ts';
import type { Feeds } from './session.ts';

/** What one gradient call is made of. */
export interface SubtreeParts {
  readonly runtime: Runtime;
  readonly rounds: readonly Round[];
  readonly groups: readonly ChunkGroup[];
  readonly exchange: RoundExchange | undefined;
  /** Begins the run of a group, whose first example is number `first` of the request. */
  begin(group: ChunkGroup, first: number): Promise<ProgramRun>;
  /** Where a buffer holds what the outputs of these names give; called with few different sets. */
  rangesOf(outputs: ReadonlySet<string>): readonly Range[];
  /** Tensors over the variables of a buffer. */
  contributionsOver(buffer: Float32Array): Feeds;
  /** A buffer of `layout.size` elements, to be given back. */
  take(): Float32Array;
  giveBack(buffer: Float32Array): void;
}

/** Writes the contribution of the subtree to `target` and returns its metric sums. */
export async function sumSubtree(parts: SubtreeParts, target: Float32Array): Promise<MetricSums> {
  const { exchange, groups, rounds, runtime } = parts;
  invariant(rounds.length === 0 || exchange !== undefined, 'a model with rounds was given no exchange');
  const chunkCount = groups.reduce((sum, { sizes }) => sum + sizes.length, 0);
  const loss = new TreeSum<number>(chunkCount, (left, right) => left + right);
  let correct = 0;
  const runs: ProgramRun[] = [];
  let stepSums: Feeds = {};
  for (let segment = 0; segment <= rounds.length; segment++) {
    const round = rounds[segment];
    const vector = new TreeSum<Float32Array>(chunkCount, addInPlace);
    let contribution: TreeSum<Float32Array> | undefined;
    let first = 0;
    for (const [at, group] of groups.entries()) {
      const run = runs[at] ?? (await parts.begin(group, first));
      if (round !== undefined) runs[at] = run;
      const { upcoming } = run;
      const ranges = parts.rangesOf(upcoming);
      // The leftmost buffer is where all others end up.
      const buffer = ranges.length === 0 ? undefined : group.first === 0 ? target : parts.take();
      const results = await run.advance(stepSums, buffer === undefined ? {} : parts.contributionsOver(buffer));
      const examples = group.sizes.reduce((sum, size) => sum + size, 0);
      // Without classes it is a constant, and may come out of another segment than the loss.
      if (upcoming.has(names.correct)) correct += sumOfRows(results[names.correct], 0, examples);
      if (upcoming.has(names.loss)) {
        let row = 0;
        group.sizes.forEach((size, chunk) => {
          loss.give({ level: 0, index: group.first + chunk }, sumOfRows(results[names.loss], row, row + size));
          row += size;
        });
      }
      if (buffer !== undefined) {
        contribution ??= new TreeSum(chunkCount, (left, right) => {
          for (const { start, end } of ranges) addVectors(left.subarray(start, end), right.subarray(start, end));
          parts.giveBack(right);
          return left;
        });
        contribution.give(group.node, buffer);
      }
      if (round !== undefined) {
        const values = (local: string): Float32Array => valuesOf(results[local]);
        vector.give(group.node, packRound(round, segment === 0, examples, values));
      }
      first += examples;
    }
    invariant(
      contribution === undefined || contribution.root === target,
      'contributions end up in the leftmost buffer',
    );
    if (round === undefined || exchange === undefined) break;
    stepSums = feedsOf(runtime, round, segment === 0, unshared(await exchange(segment, vector.root)));
  }
  return { loss: loss.root, correct };
}

/** A part [start, end) of a buffer. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the buffer holds what `outputs` name, as few ranges as possible. */
export function rangesOf(layout: ParameterLayout, outputs: ReadonlySet<string>): Range[] {
  const named = layout.entries.filter((_, index) => outputs.has(names.contribution(index)));
  return named.reduce<Range[]>((ranges, { length, offset }) => {
    const [before] = ranges.slice(-1);
    const end = offset + length;
    return before?.end === offset
      ? [...ranges.slice(0, -1), { start: before.start, end }]
      : [...ranges, { start: offset, end }];
  }, []);
}

function feedsOf(runtime: Runtime, round: Round, isFirst: boolean, totals: Float32Array): Feeds {
  invariant(totals.length === round.length, `a round of ${String(round.length)} came back as ${String(totals.length)}`);
  const feeds: Feeds = {};
  for (const { total, offset, length, shape } of round.sums) {
    feeds[total] = new runtime.Tensor('float32', totals.subarray(offset, offset + length), [...shape]);
  }
  if (isFirst) feeds[stepExamples] = new runtime.Tensor('float32', totals.slice(-1), []);
  return feeds;
}

/** The sum of rows [first, end), in order, in float64. */
export function sumOfRows(tensor: Feeds[string] | undefined, first: number, end: number): number {
  const values = valuesOf(tensor);
  let sum = 0;
  for (let row = first; row < end; row++) sum += values[row] ?? NaN;
  return sum;
}

/** The values of a float32 output. */
export function valuesOf(tensor: Feeds[string] | undefined): Float32Array {
  invariant(tensor?.data instanceof Float32Array, 'an output of the graph is missing');
  return tensor.data;
}
