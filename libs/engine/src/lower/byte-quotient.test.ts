import { expect, test } from 'vitest';
import { makeNode, splat } from '../ir/node.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { probeBlockSize } from '../ort/processor.ts';
import { loadRuntime } from '../ort/runtime.ts';
import { byteFactors } from './byte-quotient.ts';
import { lower } from './lower.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);

function quotientBy(divisor: number) {
  const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [2, 128], 'uint8');
  const floats = makeNode({ op: 'cast' }, [x], [2, 128]);
  const node = makeNode({ op: 'binary', fn: 'div' }, [floats, splat(divisor)], [2, 128]);
  return { outputs: [{ name: 'quotient', node }] };
}

test.each([255, 127.5, 256, 3, -255, 0.1])('bytes by %d are what the division gives, to the bit', async (divisor) => {
  const runtime = await loadRuntime();
  const blockSize = (await probeBlockSize(runtime)) ?? 16;
  const operators = lower(quotientBy(divisor), { blockSize }).graph.nodes.map(({ operator }) => operator);
  expect(operators).toEqual(['DequantizeLinear', 'Mul']);
  const inputs = { x: { shape: [2, 128], values: bytes } };
  const { quotient } = await evaluateProgram(runtime, quotientBy(divisor), inputs, { blockSize });
  expect(quotient).toEqual(Float32Array.from(bytes, (value) => value / Math.fround(divisor)));
});

test('on a device, and by a divisor that leaves subnormal numbers, it is a division', () => {
  const operatorsOf = (divisor: number, blockSize: number | undefined): string[] =>
    lower(quotientBy(divisor), { blockSize }).graph.nodes.map(({ operator }) => operator);
  expect(operatorsOf(255, undefined)).toEqual(['Cast', 'Div']);
  expect(byteFactors(1e-38)).toBeUndefined();
  expect(operatorsOf(1e-38, 16)).toEqual(['Cast', 'Div']);
});
