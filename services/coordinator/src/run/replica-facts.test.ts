import { create, ReadySchema, VariableSchema, type Ready } from '@weft/wire';
import { expect, test } from 'vitest';
import { ReplicaFacts } from './replica-facts.ts';

const engine = 'ort-cpu; 1 thread';

function ready(
  change: Pick<Partial<Ready>, 'position' | 'layoutSize' | 'snapshotBytes' | 'weightsDigest'> = {},
): Ready {
  const sound = { runId: 'r', position: 0n, layoutSize: 10n, snapshotBytes: 5000n, weightsDigest: 'aa' };
  return create(ReadySchema, { ...sound, ...change });
}

test('replicas that answer alike take part, and the metadata of a snapshot may differ in length', () => {
  const facts = new ReplicaFacts('');
  expect(facts.problemOf(engine, ready())).toBeUndefined();
  expect(facts.problemOf(engine, ready())).toBeUndefined();
  expect(facts.problemOf(engine, ready({ position: 22n, weightsDigest: 'bb', snapshotBytes: 5003n }))).toBeUndefined();
});

test.each([
  [
    'another engine',
    'tfjs-cpu',
    {},
    'incompatible',
    /its engine is "tfjs-cpu", but the run began on "ort-cpu; 1 thread"/,
  ],
  ['another layout', engine, { layoutSize: 11n }, 'incompatible', /its model has 11 elements, the others' has 10/],
  ['another snapshot', engine, { snapshotBytes: 100_000n }, 'incompatible', /100000 bytes, the others' have 5000/],
  ['other parameters', engine, { weightsDigest: 'bb' }, 'corrupt', /at position 0 have digest bb, the others' is aa/],
])('a replica with %s is refused with both values', (_, fingerprint, change, code, says) => {
  const facts = new ReplicaFacts('');
  facts.problemOf(engine, ready());
  expect(facts.problemOf(fingerprint, ready(change))).toMatchObject({
    code,
    message: expect.stringMatching(says) as string,
  });
});

test('a resumed run demands the engine that it began on of its first trainer too', () => {
  const facts = new ReplicaFacts(engine);
  expect(facts.problemOf('tfjs-cpu', ready())?.code).toBe('incompatible');
});

test('what a refused replica said of its snapshots binds nobody', () => {
  const facts = new ReplicaFacts('');
  facts.problemOf(engine, ready());
  facts.problemOf(engine, ready({ snapshotBytes: 1n }));
  facts.problemOf(engine, ready({ snapshotBytes: 1_000_000n }));
  expect(facts.snapshotProblem(5000)).toBeUndefined();
  expect(facts.snapshotProblem(5000 + 4096)).toBeUndefined();
  expect(facts.snapshotProblem(5000 + 4097)).toMatchObject({ code: 'too-large' });
});

test('what is not finite is named by the first answer', () => {
  const facts = new ReplicaFacts('');
  const variables = [
    create(VariableSchema, { name: 'a/kernel', length: 8n }),
    create(VariableSchema, { name: 'a/bias', length: 2n }),
  ];
  expect(facts.variableAt(0)).toBeUndefined();
  facts.problemOf(engine, create(ReadySchema, { ...ready(), variables }));
  expect([facts.variableAt(7), facts.variableAt(8), facts.variableAt(-1)]).toEqual(['a/kernel', 'a/bias', undefined]);
});
