import { expect, test } from 'vitest';
import { compareDigests, digestsOfProcess } from './collect-digests.ts';

test('a case is compared over all processes: another digest, none, or another engine is a difference', () => {
  const one = { fingerprint: 'a', digests: { x: '1', y: '1' } };
  const compared = compareDigests([one, one, { fingerprint: 'a', digests: { x: '2' } }, { ...one, fingerprint: 'b' }]);
  expect(compared).toEqual([
    {
      title: 'x',
      digests: [
        { digest: '1', processes: 2 },
        { digest: '2', processes: 1 },
        { digest: 'of b', processes: 1 },
      ],
    },
    {
      title: 'y',
      digests: [
        { digest: '1', processes: 2 },
        { digest: 'missing', processes: 1 },
        { digest: 'of b', processes: 1 },
      ],
    },
  ]);
});

test('two processes give the same bits for a dense, a convolutional and a batch-normalized model, in another order', async () => {
  const task = { engine: 'ort-cpu', models: ['dropout-ann', 'simple-cnn', 'deep-cnn-bn'], sizes: [8, 1] };
  const { signal } = new AbortController();
  const all = await Promise.all([1, 3].map((turn) => digestsOfProcess(task, turn, signal)));
  const compared = compareDigests(all);
  expect(compared).toHaveLength(9);
  expect(new Set(compared.map(({ digests }) => digests[0]?.digest)).size).toBe(9);
  for (const { title, digests } of compared) expect(digests, title).toHaveLength(1);
}, 60_000);
