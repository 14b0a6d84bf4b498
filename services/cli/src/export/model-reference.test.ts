import { expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { formatOfPath } from './model-files.ts';
import { isModelReference, runOfReference } from './model-reference.ts';

test.each([
  ['my-run', true],
  ['my-study:12', true],
  ['my-study:', false],
  ['my-study:x', false],
  ['my-study:1:2', false],
  ['My-Run', false],
  ['', false],
])('%j can be a reference: %s', (text, can) => {
  expect(isModelReference(text)).toBe(can);
});

test('a name that no study has is that of a run; a trial belongs to a study, which must be there', async () => {
  const place = { coordinator: undefined, stateDir: '/nonexistent' };
  const { context } = fakeContext();
  expect(await runOfReference('my-run', place, context)).toEqual({ runId: 'my-run', place });
  await expect(runOfReference('my-study:3', place, context)).rejects.toThrow('there is no study my-study in');
});

test.each([
  ['a/b.onnx', 'onnx'],
  ['B.ONNX', 'onnx'],
  ['x.safetensors', 'safetensors'],
  ['web/model', 'tfjs'],
  ['model.json', 'tfjs'],
])('the ending of %s stands for %s', (path, format) => {
  expect(formatOfPath(path)).toBe(format);
});
