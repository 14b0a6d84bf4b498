import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { chunkCountOfStep, examplesOfStep, stepsPerEpoch } from '../batch-plan.ts';
import { stepAt, totalSteps, type RunPlan } from '../run/run-plan.ts';
import { EpochSamples } from './epoch-samples.ts';
import { ledgerLink, ledgerOrigin, type Sha256 } from './ledger-chain.ts';
import { ledgerText, type LedgerAssignment, type LedgerLine } from './ledger-line.ts';
import { LedgerVerifier, type ChainedLine, type LedgerEnd, type LedgerProblem } from './verify-ledger.ts';

const sha256: Sha256 = (content) => createHash('sha256').update(content).digest('hex');
/** Four steps an epoch, the last one short: neither steps nor chunks divide evenly. */
const plan: RunPlan = {
  batch: { exampleCount: 47, globalBatch: 13, chunkSize: 3 },
  epochs: 3,
  evaluationExamples: { validation: 5, test: 5 },
};
const subject = { plan, seed: 11, configurationDigest: sha256('the configuration') };
const origin = sha256(ledgerOrigin(subject.configurationDigest));
const samples = new EpochSamples(plan.batch, subject.seed, sha256);

function soundLine(position: number): LedgerLine {
  const { epoch, step } = stepAt(plan, position);
  const end = chunkCountOfStep(plan.batch, step);
  const cut = position % (end + 1);
  const ranges = [
    { trainer: 'trainer-1', chunks: { first: 0, end: cut }, attempt: 0 },
    { trainer: 'trainer-2', chunks: { first: cut, end }, attempt: position % 2 },
  ];
  return {
    ...{ position, epoch, step, generation: 1 + epoch },
    assignments: ranges.filter(({ chunks }) => chunks.end > chunks.first),
    samplesDigest: samples.digestOf(epoch, step),
    lossSum: position + 0.125,
    correctCount: position % 5,
    gradientDigest: sha256(`gradient ${String(position)}`),
  };
}

function chained(texts: readonly string[], from = origin): ChainedLine[] {
  let digest = from;
  return texts.map((text, position) => {
    digest = sha256(ledgerLink(digest, text));
    return { position, text, digest };
  });
}

const soundLines = Array.from({ length: totalSteps(plan) }, (_, position) => soundLine(position));
const sound = chained(soundLines.map(ledgerText));
const finished = sound.at(-1)?.digest;

function verify(lines: readonly ChainedLine[], end: LedgerEnd = { atLeast: 0, finished }): LedgerProblem | undefined {
  const verifier = new LedgerVerifier(subject, sha256);
  for (const line of lines) {
    const problem = verifier.take(line);
    if (problem !== undefined) return problem;
  }
  return verifier.finish(end);
}

test('a sound ledger is found right, with the sums of its epochs', () => {
  const verifier = new LedgerVerifier(subject, sha256);
  for (const line of sound) expect(verifier.take(line)).toBeUndefined();
  expect(verifier.finish({ atLeast: 0, finished })).toBeUndefined();
  const steps = stepsPerEpoch(plan.batch);
  expect(verifier.lines).toBe(3 * steps);
  expect(verifier.trainers).toEqual(['trainer-1', 'trainer-2']);
  expect(verifier.reassigned).toBe(2);
  expect(verifier.epochs).toEqual(
    [0, 1, 2].map((epoch) => {
      const lines = soundLines.slice(epoch * steps, (epoch + 1) * steps);
      return {
        lossSum: lines.reduce((sum, { lossSum }) => sum + lossSum, 0),
        correctCount: lines.reduce((sum, { correctCount }) => sum + correctCount, 0),
      };
    }),
  );
});

test('a ledger that is not complete yet is right as far as it goes', () => {
  expect(verify(sound.slice(0, 6), { atLeast: 4 })).toBeUndefined();
  expect(verify(sound.slice(0, 3), { atLeast: 4 })).toMatchObject({ position: 3 });
});

test('a run that ended early has the lines of the steps that it took, no more and no fewer', () => {
  const early = sound.slice(0, 8);
  const end = { atLeast: 0, finished: early.at(-1)?.digest };
  expect(verify(early, { ...end, steps: 8 })).toBeUndefined();
  expect(verify(early, end)).toMatchObject({ position: 8, reason: expect.stringMatching(/8 of 12 lines/) as string });
  expect(verify(sound, { ...end, steps: 8 })).toMatchObject({
    position: 8,
    reason: 'the run ended after 8 steps; this line is one too many',
  });
});

test('a ledger belongs to its configuration', () => {
  const other = new LedgerVerifier({ ...subject, configurationDigest: sha256('another') }, sha256);
  expect(sound[0] && other.take(sound[0])).toMatchObject({
    position: 0,
    reason: expect.stringMatching(/chain/) as string,
  });
});

test('any single change to what is kept is found at the line where it is, or at the next', () => {
  const place = fc.nat(sound.length - 1);
  const change = fc.oneof(
    place.map((at) => ({ at, lines: sound.filter(({ position }) => position !== at) })),
    place.map((at) => ({ at, lines: sound.toSpliced(at, 0, sound[at] as ChainedLine) })),
    fc.tuple(place, place).map(([a, b]) => {
      const lines = [...sound];
      [lines[a], lines[b]] = [sound[b] as ChainedLine, sound[a] as ChainedLine];
      return { at: Math.min(a, b), lines };
    }),
    fc
      .record({ at: place, index: fc.nat(), character: fc.constantFrom('0', '7', 'a', '"', ',', '-', ' ') })
      .map(({ at, index, character }) => {
        const line = sound[at] as ChainedLine;
        const i = index % line.text.length;
        const text = line.text.slice(0, i) + character + line.text.slice(i + 1);
        return { at, lines: sound.with(at, { ...line, text }) };
      }),
    fc.record({ at: place, index: fc.nat(63) }).map(({ at, index }) => {
      const line = sound[at] as ChainedLine;
      const digit = line.digest[index] === '0' ? '1' : '0';
      const digest = line.digest.slice(0, index) + digit + line.digest.slice(index + 1);
      return { at, lines: sound.with(at, { ...line, digest }) };
    }),
    place.map((at) => ({ at, lines: sound.with(at, { ...(sound[at] as ChainedLine), position: at + 1 }) })),
  );
  fc.assert(
    fc.property(change, ({ at, lines }) => {
      fc.pre(JSON.stringify(lines) !== JSON.stringify(sound));
      const problem = verify(lines);
      expect(problem).toBeDefined();
      expect([at, at + 1]).toContain(problem?.position);
    }),
  );
});

/** One field of one line, changed so that the line could have been written. */
const edits: Readonly<Record<string, (line: LedgerLine) => LedgerLine>> = {
  position: (line) => ({ ...line, position: line.position + 1 }),
  epoch: (line) => ({ ...line, epoch: line.epoch + 1 }),
  step: (line) => ({ ...line, step: line.step + 1 }),
  generation: (line) => ({ ...line, generation: line.generation + 1 }),
  trainer: (line) => ({ ...line, assignments: line.assignments.map((given) => ({ ...given, trainer: 'another' })) }),
  attempt: (line) => ({
    ...line,
    assignments: line.assignments.map((given) => ({ ...given, attempt: given.attempt + 1 })),
  }),
  samplesDigest: (line) => ({ ...line, samplesDigest: sha256('other examples') }),
  lossSum: (line) => ({ ...line, lossSum: line.lossSum + 1 }),
  correctCount: (line) => ({ ...line, correctCount: line.correctCount + 1 }),
  gradientDigest: (line) => ({ ...line, gradientDigest: sha256('another gradient') }),
  'first chunk': (line) =>
    withFirst(line, (given) => ({ ...given, chunks: { ...given.chunks, first: given.chunks.first + 1 } })),
  'last chunk': (line) =>
    withFirst(line, (given) => ({ ...given, chunks: { ...given.chunks, end: given.chunks.end + 1 } })),
  'one assignment fewer': (line) => ({ ...line, assignments: line.assignments.slice(1) }),
  'one assignment twice': (line) => ({ ...line, assignments: [...line.assignments.slice(0, 1), ...line.assignments] }),
};

function withFirst(line: LedgerLine, edit: (given: LedgerAssignment) => LedgerAssignment): LedgerLine {
  return { ...line, assignments: line.assignments.map((given, index) => (index === 0 ? edit(given) : given)) };
}

test.each(Object.entries(edits))('%s edited, and the chain made anew, is found', (_, edit) => {
  for (const at of soundLines.keys()) {
    const lines = chained(soundLines.map((line, position) => ledgerText(position === at ? edit(line) : line)));
    const problem = verify(lines);
    expect(problem).toBeDefined();
    // Where only the run's result gives it away, the end of the ledger is named.
    expect([at, at + 1, lines.length - 1]).toContain(problem?.position);
  }
});

test.each([
  'epoch',
  'step',
  'samplesDigest',
  'first chunk',
  'last chunk',
  'one assignment fewer',
  'one assignment twice',
])('%s edited is found without the run’s result: the line contradicts the plan', (field) => {
  const edit = edits[field] as (line: LedgerLine) => LedgerLine;
  for (const at of soundLines.keys()) {
    const lines = chained(soundLines.map((line, position) => ledgerText(position === at ? edit(line) : line)));
    expect(verify(lines, { atLeast: 0 })).toMatchObject({ position: at });
  }
});

test('lines that say who computed nothing, or more than there is, are named with the reason', () => {
  const reasonOf = (assignments: LedgerLine['assignments']): string | undefined =>
    verify(chained([ledgerText({ ...soundLine(0), assignments })]), { atLeast: 0 })?.reason;
  const given = (first: number, end: number): LedgerAssignment => ({
    trainer: 't',
    chunks: { first, end },
    attempt: 0,
  });
  expect(chunkCountOfStep(plan.batch, 0)).toBe(5);
  expect(reasonOf([])).toBe('chunk 0 was computed by nobody');
  expect(reasonOf([given(0, 2), given(3, 5)])).toBe(
    'chunk 2 was computed by nobody: chunks [3, 5) of trainer t follow',
  );
  expect(reasonOf([given(0, 3), given(2, 5)])).toBe('chunk 2 was computed twice: chunks [2, 5) of trainer t');
  expect(reasonOf([given(0, 6)])).toBe('chunks [0, 6) of trainer t do not lie within the 5 chunks of the step');
  expect(reasonOf([given(0, 5), given(5, 5)])).toMatch(/do not lie within/);
});

test('more right answers than examples cannot be', () => {
  const { first, end } = examplesOfStep(plan.batch, 0);
  const line = ledgerText({ ...soundLine(0), correctCount: end - first + 1 });
  expect(verify(chained([line]), { atLeast: 0 })?.reason).toMatch(/14 of 13 examples/);
});
