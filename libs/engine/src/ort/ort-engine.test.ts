import { expect, test } from 'vitest';
import { deviceGraphs, OrtEngine } from './ort-engine.ts';
import { ortCpuProvider } from './provider.ts';

test('the fingerprint says what decides bits, and is the same each time', async () => {
  const { fingerprint } = await OrtEngine.open();
  expect(fingerprint).toMatch(
    /^ort-cpu; onnxruntime [\d.]+; tfjs [\d.]+; \w+ arithmetic [0-9a-f]{8}; (blocks of (8|16)|plain layout); 1 thread; lowering \d+$/,
  );
  expect(await ortCpuProvider.probe()).toEqual({ available: true, fingerprint });
});

test('another layout is another fingerprint', async () => {
  const [blocked, plain] = [
    await OrtEngine.open('cpu', { blockSize: 16 }),
    await OrtEngine.open('cpu', { blockSize: undefined }),
  ];
  expect(blocked.fingerprint).not.toBe(plain.fingerprint);
});

test('the graphs of the device engines differ from the portable ones of the processor in nothing that changes bits', async () => {
  const [portable, device] = [
    await OrtEngine.open('cpu', { blockSize: undefined }),
    await OrtEngine.open('cpu', deviceGraphs),
  ];
  expect(device.fingerprint).toBe(portable.fingerprint);
});
