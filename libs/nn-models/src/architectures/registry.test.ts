import { expect, test, vi } from 'vitest';
import { summaryOf } from '../model-summary.ts';
import { topologyOf } from '../topology-text.ts';
import { loadTopology } from '../topology.ts';
import { architectureNames } from './architecture.ts';
import { architecture } from './registry.ts';

// VGG-16 takes half a second to build, more on a loaded machine.
vi.setConfig({ testTimeout: 120_000 });

const parameterCounts = {
  'initial-nn': 25_450,
  'dropout-ann': 669_706,
  'deep-ann': 669_706,
  'simple-cnn': 225_034,
  'dropout-cnn': 225_034,
  'deep-cnn-bn': 1_679_082,
  vgg16: 15_243_978,
} as const;

test.each(architectureNames)('%s has its stated parameters, takes 784 pixels and gives ten probabilities', (name) => {
  const { build, inputShape, source, title } = architecture(name);
  const model = build();
  const summary = summaryOf(model);
  expect(summary.parameters).toBe(parameterCounts[name]);
  expect(inputShape.reduce((product, size) => product * size)).toBe(784);
  expect(summary).toMatchObject({ inputShape, outputShape: [10] });
  expect(summary.layers.at(-1)).toMatchObject({ layer: 'output', kind: 'Dense', outputShape: [10] });
  expect(source.length).toBeGreaterThan(20);
  expect(title).not.toBe('');
  model.dispose();
});

test.each(architectureNames)(
  'the topology of %s is the same for each build and survives a round trip',
  async (name) => {
    const first = architecture(name).build();
    const second = architecture(name).build();
    const text = topologyOf(first);
    expect(topologyOf(second)).toBe(text);
    const loaded = await loadTopology(text);
    expect(topologyOf(loaded)).toBe(text);
    for (const model of [first, second, loaded]) model.dispose();
  },
);

test('an unknown architecture is refused with the nearest name and the list', () => {
  expect(() => architecture('simple-cn')).toThrow(
    /no architecture "simple-cn"; did you mean "simple-cnn"\? Known: initial-nn, /,
  );
  expect(() => architecture('transformer')).toThrow(/no architecture "transformer"\. Known: /);
});

test("no architecture takes TF.js's default kernel initializer, which is not Keras's", () => {
  const glorotNormal =
    /"kernel_initializer":\{"class_name":"VarianceScaling","config":\{"scale":1,"mode":"fan_avg","distribution":"normal"/;
  for (const name of architectureNames) {
    const model = architecture(name).build();
    expect(topologyOf(model)).not.toMatch(glorotNormal);
    model.dispose();
  }
});
