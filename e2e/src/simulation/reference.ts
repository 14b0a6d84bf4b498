/**
 * What a run must come to, computed without a cluster by the dumbest code there is: no ranges, no nodes, no state machine. The
 * simulated cluster is held against it, whatever happens to its trainers.
 */
import { permutation, type RunPlan } from '@weft/core';
import { hash } from 'node:crypto';
import { addExample, applyMean, baseElements, evaluate, initialParameters, repeated } from './synthetic-model.ts';
import { digestOf } from './synthetic-run.ts';

/** One step of the reference. */
export interface ReferenceStep {
  readonly gradientDigest: string;
  readonly lossSum: number;
  readonly correctCount: number;
  /** SHA-256 of the numbers of its examples. */
  readonly samplesDigest: string;
}

/** One epoch of the reference. */
interface ReferenceEpoch {
  readonly loss: number;
  readonly validationLoss: number;
  readonly weightsDigest: string;
}

/** A whole run. `weightsDigests[p]` is that of every replica that stands at position p. */
export interface Reference {
  readonly steps: readonly ReferenceStep[];
  readonly weightsDigests: readonly string[];
  readonly epochs: readonly ReferenceEpoch[];
  readonly testLoss: number;
}

interface Sum {
  readonly values: Float32Array;
  readonly loss: number;
  readonly correct: number;
}

/** Computes the reference of a run. */
export function referenceOf(plan: RunPlan, seed: number, elements: number): Reference {
  const parameters = initialParameters(seed, elements);
  const velocity = new Float32Array(elements);
  const steps: ReferenceStep[] = [];
  const weightsDigests = [digestOf(parameters)];
  const epochs: ReferenceEpoch[] = [];
  const watched: number[] = [];
  for (let epoch = 0; epoch < plan.epochs && !isExhausted(plan.earlyStopping, watched); epoch++) {
    const order = [...permutation(seed, epoch, plan.batch.exampleCount)];
    let epochLoss = 0;
    let epochCorrect = 0;
    while (order.length > 0) {
      const batch = order.splice(0, plan.batch.globalBatch);
      const { values, loss, correct } = addPairs(
        cut(batch, plan.batch.chunkSize).map((chunk) => sumOf(chunk, parameters)),
      );
      const mean = repeated(
        values.map((value) => value / batch.length),
        elements,
      );
      applyMean(mean, parameters, velocity);
      const samplesDigest = hash('sha256', new Uint8Array(Uint32Array.from(batch).buffer), 'hex');
      steps.push({
        gradientDigest: meanDigest(new Uint8Array(mean.buffer)),
        lossSum: loss,
        correctCount: correct,
        samplesDigest,
      });
      weightsDigests.push(digestOf(parameters));
      epochLoss += loss;
      epochCorrect += correct;
    }
    const loss = epochLoss / plan.batch.exampleCount;
    const { loss: validationLoss, accuracy: validationAccuracy } = meansOf(
      ...([0, plan.evaluationExamples.validation, parameters] as const),
    );
    epochs.push({ loss, validationLoss, weightsDigest: digestOf(parameters) });
    const accuracy = epochCorrect / plan.batch.exampleCount;
    const means = { loss, accuracy, 'validation-loss': validationLoss, 'validation-accuracy': validationAccuracy };
    watched.push(means[plan.earlyStopping?.monitor ?? 'loss']);
  }
  return { steps, weightsDigests, epochs, testLoss: meansOf(1, plan.evaluationExamples.test, parameters).loss };
}

/** The digest of a step's mean, given its bytes: over the digests of 4096 elements at a time. */
export function meanDigest(mean: Uint8Array): string {
  const pieces = cut([...Array(mean.length / 4).keys()], 4096).map(([first = 0, ...rest]) =>
    hash('sha256', mean.subarray(4 * first, 4 * (first + rest.length + 1)), 'buffer'),
  );
  return hash('sha256', Buffer.concat(pieces), 'hex');
}

function sumOf(examples: readonly number[], parameters: Float32Array): Sum {
  const values = new Float32Array(baseElements);
  const terms = examples.map((example) => addExample(example, parameters, values));
  return {
    values,
    loss: terms.reduce((sum, term) => sum + term.loss, 0),
    correct: terms.reduce((sum, term) => sum + term.correct, 0),
  };
}

/** Adds neighbours in pairs until one sum is left; an odd one out moves up as it is. */
function addPairs(sums: readonly Sum[]): Sum {
  const [first] = sums;
  if (first === undefined) throw new Error('a step has chunks');
  if (sums.length === 1) return first;
  return addPairs(
    cut(sums, 2).map(([left, right]) => {
      if (left === undefined) throw new Error('a pair has a left');
      if (right === undefined) return left;
      const values = left.values.map((value, element) => value + (right.values[element] ?? 0));
      return { values, loss: left.loss + right.loss, correct: left.correct + right.correct };
    }),
  );
}

function meansOf(
  splitNumber: number,
  examples: number,
  parameters: Float32Array,
): { readonly loss: number; readonly accuracy: number } {
  // A split is evaluated 250 examples at a time.
  const counts = cut([...Array(examples).keys()], 250).map((chunk) => chunk.length);
  const terms = counts.map((count, chunk) => evaluate(splitNumber, chunk, count, parameters));
  return {
    loss: terms.reduce((sum, { loss }) => sum + loss, 0) / examples,
    accuracy: terms.reduce((sum, { correct }) => sum + correct, 0) / examples,
  };
}

/** Whether none of the last epochs, as many as the patience, is better than the best before them; all is looked at anew. */
function isExhausted(rule: RunPlan['earlyStopping'], watched: readonly number[]): boolean {
  if (rule === undefined) return false;
  const { monitor, patience, minDelta } = rule;
  const isBetter = (value: number, best: number): boolean =>
    monitor.endsWith('loss') ? value + minDelta < best : value - minDelta > best;
  let best = 0;
  watched.forEach((value, epoch) => {
    if (isBetter(value, watched[best] ?? NaN)) best = epoch;
  });
  return watched.length - 1 - best >= patience;
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
