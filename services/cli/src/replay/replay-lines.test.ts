import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { replayLines } from './replay-lines.ts';
import type { Replay, ReplayedStep } from './replay-run.ts';

const schemaFile = new URL('../../../../docs/json-output.schema.json', import.meta.url);
const isJsonLine = new Ajv().compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

const sums = { loss: 12.5, correct: 90, gradientDigest: 'ab'.repeat(32) };
const step: ReplayedStep = { position: 17, epoch: 4, step: 3, ...sums, recorded: sums, equal: true, nonFinite: null };
const other = { ...step, position: 16, step: 2, equal: false, recorded: { ...sums, gradientDigest: 'cd'.repeat(32) } };
const replay: Replay = {
  ...{ runId: 'r', engineFingerprint: 'e', from: 15, remark: null, steps: 3, firstDifference: null, asked: step },
  ...{ blame: null, source: '/state' },
};
const nonFinite = { loss: true, variable: 'hidden/kernel' };
const blame = {
  ...{ step: { loss: 12.5, gradientNorm: Infinity }, parametersFinite: false },
  examples: [{ example: 811, label: 7, chunk: 2, loss: NaN, gradientNorm: Infinity }],
  groups: [{ examples: [4, 5], chunk: 1, loss: 3, gradientNorm: Infinity }],
};

test.each<[string, Replay, string[]]>([
  [
    'equal, from a checkpoint',
    replay,
    [
      'run r: 3 steps computed again from the checkpoint at 15',
      `step 17 (epoch 4, step 3): digest ${'ab'.repeat(32)}, equal to the ledger, and so are those before it`,
    ],
  ],
  [
    'a difference before',
    { ...replay, firstDifference: other },
    [
      'run r: 3 steps computed again from the checkpoint at 15',
      'step 16 (epoch 4, step 2) is the first that differs from the ledger:',
      `  gradient  ${'ab'.repeat(32)}  ledger ${'cd'.repeat(32)}`,
      '  loss      12.5  ledger 12.5',
      '  correct   90  ledger 90',
      `step 17 (epoch 4, step 3): digest ${'ab'.repeat(32)}, equal to the ledger`,
    ],
  ],
  [
    'not finite, from the seed, with examples',
    {
      ...replay,
      from: 0,
      remark: 'none that old is kept',
      steps: 1,
      asked: { ...step, loss: null, recorded: null, equal: false, nonFinite },
      blame,
    },
    [
      'run r: 1 step computed again from the seed (no checkpoint: none that old is kept)',
      'step 17 (epoch 4, step 3): the loss and the gradient of hidden/kernel are not finite; nothing can be committed',
      "the step's loss is 12.50, its gradient sum has norm Infinity",
      'parameters are not finite before this step: look at an earlier one',
      'example  label  chunk  loss  gradient norm',
      '-------  -----  -----  ----  -------------',
      '    811      7      2   NaN       Infinity',
      'not finite together, though each half is: chunk 1, examples 4, 5',
    ],
  ],
])('%s', (_, told, expected) => {
  expect(replayLines(told)).toEqual(expected);
  const line = JSON.parse(JSON.stringify({ event: 'replayed', ...told })) as object;
  expect(isJsonLine(line), JSON.stringify(isJsonLine.errors)).toBe(true);
});
