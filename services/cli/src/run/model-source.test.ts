import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, loadTopology } from '@weft/nn-models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModel } from './model-source.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-model-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The path of a file with a model of one layer of the class, flattened before two classes. */
async function fileWith(class_name: string, config: object): Promise<string> {
  const layers = [
    { class_name, config: { name: 'layer', batch_input_shape: [null, 6, 6], ...config } },
    { class_name: 'Flatten', config: { name: 'flatten' } },
    { class_name: 'Dense', config: { name: 'output', units: 2, activation: 'softmax' } },
  ];
  await writeFile(
    join(folder, 'own.json'),
    JSON.stringify({ class_name: 'Sequential', config: { name: 'own', layers } }),
  );
  return 'own.json';
}

test.each([
  [
    'SeparableConv2D',
    { filters: 4, kernel_size: [3, 3], depth_multiplier: 3, batch_input_shape: [null, 6, 6, 2] },
    3 * 3 * 2 * 3 + 6 * 4 + 4 + (4 * 4 * 4 * 2 + 2),
  ],
  [
    'Conv1D',
    { filters: 4, kernel_size: [3], data_format: 'channels_first', batch_input_shape: [null, 5, 6] },
    3 * 5 * 4 + 4 + (4 * 4 * 2 + 2),
  ],
  ['BatchNormalization', { axis: [2] }, 4 * 6 + (36 * 2 + 2)],
])('a file with a %s with %j gives trainers the model that it describes', async (kind, config, parameters) => {
  const source = await readModel(await fileWith(kind, config), folder);
  expect(source.parameters).toBe(parameters);
  const travelled = await loadTopology(source.topologyJson);
  expect(layoutOf(travelled).size).toBe(parameters);
});

test('a file whose settings TF.js would leave out is refused by its path', async () => {
  const file = await fileWith('ReLU', { threshold: 1 });
  await expect(readModel(file, folder)).rejects.toThrow(
    `${join(folder, 'own.json')}: layer "layer" sets threshold to 1, which TF.js leaves out; it may only be 0`,
  );
});
