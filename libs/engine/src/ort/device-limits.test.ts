import { expect, test } from 'vitest';
import { makeNode, type Program } from '../ir/node.ts';
import { checkDeviceLimits } from './device-limits.ts';

function poolGradient(window: number, stride: number): Program {
  const geometry = { window: [window, window], strides: [stride, stride], padding: [0, 0, 0, 0] } as const;
  const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [2, 8, 8, 1]);
  return { outputs: [{ name: 'g', node: makeNode({ op: 'maxPoolGradient', geometry }, [x, x], x.shape) }] };
}

test.each([
  [2, 2],
  [3, 3],
  [2, 3],
])('windows of %d with strides of %d run on every provider', (window, stride) => {
  for (const provider of ['cpu', 'cuda', 'webgpu'] as const) {
    checkDeviceLimits(provider, poolGradient(window, stride));
  }
});

test('windows that overlap are refused on CUDA, with what to do, and nowhere else', () => {
  const overlapping = poolGradient(3, 2);
  checkDeviceLimits('cpu', overlapping);
  checkDeviceLimits('webgpu', overlapping);
  expect(() => {
    checkDeviceLimits('cuda', overlapping);
  }).toThrow(/windows of 3 x 3 that overlap \(strides 2 x 2\).*--engine ort-cpu/);
});
