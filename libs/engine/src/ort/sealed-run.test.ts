import { expect, test } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { loadRuntime } from './runtime.ts';
import { Session } from './session.ts';

const runtime = await loadRuntime();
const length = 1 << 20;

/** `sum` is x + x, `negative` is -x. */
async function open(isSealed: boolean) {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', [length]);
  const sum = builder.output(builder.add('Add', [x, x]), [length]);
  const negative = builder.output(builder.add('Neg', [x]), [length]);
  const graph = builder.build();
  const seal = { name: 'seal', shapes: new Map(graph.outputs.map(({ name }) => [name, [length]])) };
  const session = await Session.open(runtime, {
    model: encodeModel(isSealed ? { ...graph, seal: seal.name } : graph),
    ...{ inputs: ['x'], outputs: [sum, negative], seal: isSealed ? seal : undefined },
  });
  return { session, sum, negative };
}

const tensorOf = (values: Float32Array) => new runtime.Tensor('float32', values, [values.length]);
const values = Float32Array.from({ length }, (_, index) => Math.fround(Math.sin(index)));

test('a sealed graph gives the bits of the same graph unsealed, in the memory that was given', async () => {
  const [sealed, plain] = [await open(true), await open(false)];
  const into = new Float32Array(length);
  const given = await sealed.session.run(
    { x: tensorOf(values) },
    { [sealed.sum]: tensorOf(into), [sealed.negative]: null },
  );
  const wanted = await plain.session.run({ x: tensorOf(values) }, { [plain.sum]: null, [plain.negative]: null });
  expect(given[sealed.sum]?.data).toBe(into);
  expect(into).toEqual(wanted[plain.sum]?.data);
  expect(given[sealed.negative]?.data).toEqual(wanted[plain.negative]?.data);
});

test('runs of a sealed graph allocate nothing for outputs that have memory', async () => {
  const { session, sum, negative } = await open(true);
  const fetches = { [sum]: tensorOf(new Float32Array(length)), [negative]: tensorOf(new Float32Array(length)) };
  const feeds = { x: tensorOf(values) };
  await session.run(feeds, fetches);
  const before = process.memoryUsage().arrayBuffers;
  for (let run = 0; run < 3; run++) await session.run(feeds, fetches);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * length);
});

test('what fails in a run of a sealed graph is an error as ever', async () => {
  const { session, sum, negative } = await open(true);
  const fetches = { [sum]: null, [negative]: null };
  await expect(session.run({}, fetches)).rejects.toThrow(/x/);
  await expect(session.run({ x: tensorOf(values.subarray(1)) }, fetches)).rejects.toThrow(/dimensions/);
});
