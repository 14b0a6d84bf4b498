/** The blocked layout against the plain one, forwards and backwards, where channels fill whole blocks. */
import { beforeAll, expect, test } from 'vitest';
import type { ConvolutionGeometry } from '../ir/geometry.ts';
import { makeNode, sizeOf, type Program, type Shape } from '../ir/node.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { probeBlockSize } from '../ort/processor.ts';
import { loadRuntime, type Runtime } from '../ort/runtime.ts';
import { lower } from './lower.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});

interface Case {
  readonly name: string;
  readonly channels: readonly [number, number];
  readonly window: 1 | 3;
  readonly stride: 1 | 2;
  readonly dilation: 1 | 2;
  readonly pad: 0 | 1 | 2;
  /** Height and width of the image; 9 where absent. */
  readonly side?: number;
}

const cases: readonly Case[] = [
  { name: 'one input channel', channels: [1, 32], window: 3, stride: 1, dilation: 1, pad: 0 },
  { name: 'three input channels', channels: [3, 16], window: 3, stride: 1, dilation: 1, pad: 1 },
  { name: 'whole blocks', channels: [16, 32], window: 3, stride: 1, dilation: 1, pad: 1 },
  { name: 'whole blocks, one tap', channels: [32, 16], window: 1, stride: 1, dilation: 1, pad: 0 },
  { name: 'whole blocks, strides', channels: [16, 32], window: 3, stride: 2, dilation: 1, pad: 1 },
  { name: 'whole blocks, dilation', channels: [16, 16], window: 3, stride: 1, dilation: 2, pad: 2 },
  { name: 'one input channel, strides and padding', channels: [1, 16], window: 3, stride: 2, dilation: 1, pad: 1 },
  { name: 'three input channels, dilation', channels: [3, 16], window: 3, stride: 1, dilation: 2, pad: 2 },
  { name: 'a small image', channels: [128, 144], window: 3, stride: 1, dilation: 1, pad: 1, side: 4 },
  { name: 'a small image, no padding', channels: [128, 144], window: 3, stride: 1, dilation: 1, pad: 0, side: 5 },
  { name: 'a small image, strides', channels: [128, 128], window: 3, stride: 2, dilation: 1, pad: 1, side: 7 },
  { name: 'a small image, dilation', channels: [128, 128], window: 3, stride: 1, dilation: 2, pad: 2, side: 2 },
  { name: 'a small image, one tap', channels: [128, 128], window: 1, stride: 1, dilation: 1, pad: 0, side: 3 },
  { name: 'no whole blocks', channels: [5, 7], window: 3, stride: 2, dilation: 1, pad: 1 },
];

function programFor({ channels, window, stride, dilation, pad, side: size = 9 }: Case): {
  program: Program;
  shapes: Record<string, Shape>;
} {
  const n = 3;
  const out = Math.floor((size + 2 * pad - (window - 1) * dilation - 1) / stride) + 1;
  const geometry: ConvolutionGeometry = {
    window: [window, window],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    padding: [pad, pad, pad, pad],
  };
  const shapes = {
    x: [n, size, size, channels[0]],
    p0: [window, window, channels[0], channels[1]],
    p1: [channels[1]],
    dy: [n, out, out, channels[1]],
  };
  const input = (name: keyof typeof shapes) => makeNode({ op: 'input', name, role: 'parameter' }, [], shapes[name]);
  const [x, filter, bias, dy] = [input('x'), input('p0'), input('p1'), input('dy')];
  const nodes = {
    y: makeNode({ op: 'conv', geometry, activation: 'relu' }, [x, filter, bias], shapes.dy),
    dx: makeNode({ op: 'convInputGradient', geometry }, [dy, filter], shapes.x),
    dw: makeNode({ op: 'convFilterGradient', geometry }, [x, dy], shapes.p0),
  };
  return { program: { outputs: Object.entries(nodes).map(([name, node]) => ({ name, node })) }, shapes };
}

test.each(cases)('$name: both layouts give the same convolution and gradients', async (each) => {
  const { program, shapes } = programFor(each);
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], seed) => [
      name,
      { shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 1.7 + seed)) },
    ]),
  );
  const plain = await evaluateProgram(runtime, program, inputs, { blockSize: undefined });
  const blocked = await evaluateProgram(runtime, program, inputs, { blockSize: await probeBlockSize(runtime) });
  for (const [name, values] of Object.entries(plain)) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (blocked[name]?.[i] ?? NaN))),
      0,
    );
    expect(largest).toBeGreaterThan(0);
    expect(difference / largest, name).toBeLessThan(1e-5);
  }
});

test('the gradient of a filter is given as the reordering wrote it, without a copy into another shape', () => {
  const { program, shapes } = programFor({ name: '', channels: [16, 32], window: 3, stride: 1, dilation: 1, pad: 1 });
  const { graph, outputs } = lower(program, { blockSize: 16 });
  const gradient = outputs.find(({ name }) => name === 'dw');
  const writer = graph.nodes.find((node) => node.outputs.some(({ name }) => name === gradient?.value));
  expect(writer?.operator).toBe('ReorderOutput');
  expect(gradient?.shape).toEqual([1, 3, 3 * 16, 32]);
  expect(sizeOf(gradient?.shape ?? [])).toBe(sizeOf(shapes['p0'] ?? []));
});
