/** Pools against plain loops: every window, ties, and what is not a number. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { PoolGeometry } from '../ir/geometry.ts';
import { makeNode, type Program } from '../ir/node.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { probeBlockSize } from '../ort/processor.ts';
import { loadRuntime, type Runtime } from '../ort/runtime.ts';

const channels = 2;
const size = 6;

interface Pooled {
  readonly y: Float32Array;
  readonly dx: Float32Array;
}

/** Maximum pool of x [1, size, size, channels] and its gradient for dy = 1, 2, 3, ...: the first maximum takes all. */
function poolByLoops(x: Float32Array, geometry: PoolGeometry, places: number): Pooled {
  const { window, strides, padding } = geometry;
  const y = new Float32Array(places * places * channels);
  const dx = new Float32Array(x.length);
  for (let at = 0; at < y.length; at++) {
    const channel = at % channels;
    const [row, column] = [Math.floor(at / channels / places), Math.floor(at / channels) % places];
    let best = -1;
    for (let i = 0; i < window[0]; i++) {
      for (let j = 0; j < window[1]; j++) {
        const [h, w] = [row * strides[0] + i - padding[0], column * strides[1] + j - padding[1]];
        if (h < 0 || w < 0 || h >= size || w >= size) continue;
        const place = (h * size + w) * channels + channel;
        if (best < 0 || (x[place] ?? 0) > (x[best] ?? 0)) best = place;
      }
    }
    y[at] = x[best] ?? 0;
    dx[best] = (dx[best] ?? 0) + at + 1;
  }
  return { y, dx };
}

function poolProgram(geometry: PoolGeometry, places: number): Program {
  const shape = [1, size, size, channels];
  const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], shape);
  const dy = makeNode({ op: 'input', name: 'dy', role: 'rows' }, [], [1, places, places, channels]);
  const y = makeNode({ op: 'maxPool', geometry }, [x], dy.shape);
  const dx = makeNode({ op: 'maxPoolGradient', geometry }, [dy, x, y], shape);
  return {
    outputs: [
      { name: 'y', node: y },
      { name: 'dx', node: dx },
    ],
  };
}

const geometries: readonly [string, PoolGeometry, number][] = [
  ['2 by 2', { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] }, 3],
  ['2 by 2, padded', { window: [2, 2], strides: [2, 2], padding: [1, 1, 1, 1] }, 4],
  ['2 by 2 with overlap', { window: [2, 2], strides: [1, 1], padding: [0, 0, 0, 0] }, 5],
  ['3 by 3 with overlap, padded', { window: [3, 3], strides: [2, 2], padding: [0, 0, 1, 1] }, 3],
  ['3 by 3', { window: [3, 3], strides: [3, 3], padding: [0, 0, 0, 0] }, 2],
];

describe.each([true, false])('maximum pools, blocked layout: %s', (blocked) => {
  let runtime: Runtime;
  let blockSize: number | undefined;
  beforeAll(async () => {
    runtime = await loadRuntime();
    blockSize = blocked ? await probeBlockSize(runtime) : undefined;
  });

  const run = (x: Float32Array, geometry: PoolGeometry, places: number): ReturnType<typeof evaluateProgram> => {
    const length = places * places * channels;
    const inputs = {
      x: { shape: [1, size, size, channels], values: x },
      dy: { shape: [1, places, places, channels], values: Float32Array.from({ length }, (_, i) => i + 1) },
    };
    return evaluateProgram(runtime, poolProgram(geometry, places), inputs, { blockSize });
  };

  test.each(geometries)('%s: the gradient goes to the first of equal values', async (_, geometry, places) => {
    // Values repeat, so that most windows have ties.
    const x = Float32Array.from({ length: size * size * channels }, (__, i) => Math.floor(Math.sin(i * 7) * 2));
    const expected = poolByLoops(x, geometry, places);
    const actual = await run(x, geometry, places);
    expect(actual['y']).toEqual(expected.y);
    expect(actual['dx']).toEqual(expected.dx);
  });

  test.each(geometries)('%s: what is not a number does not stop a run', async (_, geometry, places) => {
    const x = new Float32Array(size * size * channels).fill(Number.NaN);
    const actual = await run(x, geometry, places);
    expect(actual['dx']?.length).toBe(x.length);
  });
});
