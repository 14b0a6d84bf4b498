import { expect, test } from 'vitest';
import { OrtCpuEngine, ortCpuProvider } from './provider.ts';

test('the fingerprint says what decides bits, and is the same each time', async () => {
  const { fingerprint } = await OrtCpuEngine.open();
  expect(fingerprint).toMatch(
    /^ort-cpu; onnxruntime [\d.]+; tfjs [\d.]+; \w+ arithmetic [0-9a-f]{8}; (blocks of (8|16)|plain layout); 1 thread; lowering \d+$/,
  );
  expect(await ortCpuProvider.probe()).toEqual({ available: true, fingerprint });
});

test('another layout is another fingerprint', async () => {
  const [blocked, plain] = [
    await OrtCpuEngine.open({ blockSize: 16 }),
    await OrtCpuEngine.open({ blockSize: undefined }),
  ];
  expect(blocked.fingerprint).not.toBe(plain.fingerprint);
});
