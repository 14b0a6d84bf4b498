/** A program cut into chunks against the deliberately dumb twin: each chunk alone, added by core's tree. */
import { addInPlace, TreeSum } from '@weft/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeNode, splat, type IrNode, type Program } from '../ir/node.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { loadRuntime, type Runtime } from '../ort/runtime.ts';
import { cutByChunk, isCuttable, rowsOfChunks, type OutputKind } from './cut-by-chunk.ts';
import { foldConstants } from './fold-constants.ts';

const width = 5;
const options = { blockSize: undefined };
const kinds: Readonly<Record<string, OutputKind>> = { weights: 'sum', state: 'weightedSum', values: 'rows' };
const kindOf = (name: string): OutputKind => kinds[name] ?? 'sum';

/** Products, a statistic of the chunk that flows back into its rows, a logarithm, and one output of each kind. */
function programOver(rows: number): Program {
  const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [rows, width]);
  const w = makeNode({ op: 'input', name: 'p0', role: 'parameter' }, [], [width, width]);
  const product = makeNode({ op: 'matmul', transposeA: false, transposeB: false }, [x, w], [rows, width]);
  const mean = makeNode({ op: 'reduce', fn: 'mean', axes: [0], keepDimensions: false }, [product], [width]);
  const centred = makeNode({ op: 'binary', fn: 'sub' }, [product, mean], [rows, width]);
  const again = makeNode({ op: 'matmul', transposeA: false, transposeB: true }, [centred, w], [rows, width]);
  const softened = makeNode({ op: 'unary', fn: 'softplus' }, [again], [rows, width]);
  const weights = makeNode({ op: 'matmul', transposeA: true, transposeB: false }, [x, softened], [width, width]);
  const values = makeNode({ op: 'reduce', fn: 'sum', axes: [1], keepDimensions: false }, [softened], [rows]);
  return {
    outputs: [
      { name: 'weights', node: weights },
      { name: 'state', node: mean },
      { name: 'values', node: values },
    ],
  };
}

describe('cutByChunk', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await loadRuntime();
  });

  const random = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * i + 1));
  const p0 = { shape: [width, width], values: random(width * width) };

  async function run(sizes: readonly number[], x: Float32Array): Promise<Readonly<Record<string, Float32Array>>> {
    const rows = rowsOfChunks(sizes);
    const padded = new Float32Array(rows * width);
    padded.set(x);
    const cut = foldConstants(cutByChunk(programOver(rows), sizes, kindOf));
    return evaluateProgram(runtime, cut, { x: { shape: [rows, width], values: padded }, p0 }, options);
  }

  async function oneByOne(sizes: readonly number[], x: Float32Array): Promise<Record<string, Float32Array>> {
    const sums = ['weights', 'state'].map((name) => ({
      name,
      sum: new TreeSum<Float32Array>(sizes.length, addInPlace),
    }));
    const values: number[] = [];
    let first = 0;
    for (const [index, size] of sizes.entries()) {
      const alone = await run([size], x.slice(first * width, (first + size) * width));
      for (const { name, sum } of sums) sum.give({ level: 0, index }, alone[name] ?? new Float32Array());
      values.push(...(alone['values'] ?? new Float32Array()).subarray(0, size));
      first += size;
    }
    return { ...Object.fromEntries(sums.map(({ name, sum }) => [name, sum.root])), values: Float32Array.from(values) };
  }

  test('gives the bits of the chunks one by one, whatever their number and size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (count, size, short) => {
          const sizes = [...Array<number>(count - 1).fill(size), 1 + (short % size)];
          const rows = sizes.reduce((sum, each) => sum + each, 0);
          const x = random(rows * width);
          const [together, apart] = [await run(sizes, x), await oneByOne(sizes, x)];
          expect(together['weights']).toEqual(apart['weights']);
          expect(together['state']).toEqual(apart['state']);
          expect(together['values']?.slice(0, rows)).toEqual(apart['values']);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a program that moves its rows runs on one whole chunk only', () => {
    const moved = (rows: number): Program => {
      const x: IrNode = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [rows, 3]);
      const turned = makeNode({ op: 'transpose', permutation: [1, 0] }, [x], [3, rows]);
      return {
        outputs: [{ name: 'weights', node: makeNode({ op: 'binary', fn: 'add' }, [turned, splat(1)], [3, rows]) }],
      };
    };
    expect(isCuttable(moved(4), 4)).toBe(false);
    expect(() => cutByChunk(moved(4), [2, 2], kindOf)).toThrow(/batch axis/);
    expect(() => cutByChunk(moved(2), [1], kindOf)).toThrow(/batch axis/);
    expect(cutByChunk(moved(4), [4], kindOf).outputs.length).toBe(1);
  });
});
