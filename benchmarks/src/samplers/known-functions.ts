/** Functions whose least value is known, as objectives of a study. */
import { assignmentText, type Assignment, type SearchSpace } from '@weft/tuning';
import { PhiloxStream } from '@weft/core';

export interface KnownFunction {
  readonly name: string;
  readonly space: SearchSpace;
  /** Least value of `loss`. */
  readonly least: number;
  /** Without noise. */
  loss(assignment: Assignment): number;
  /** Standard deviation of what a study sees beside `loss`. */
  readonly noise: number;
}

/** What a study with this seed sees: always the same for the same assignment, as of a run. */
export function observed(known: KnownFunction, assignment: Assignment, seed: number): number {
  if (known.noise === 0) return known.loss(assignment);
  // FNV-1a: the noise of an assignment has to be its own, no more.
  let hash = 0x811c9dc5;
  const text = assignmentText(assignment);
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return known.loss(assignment) + known.noise * new PhiloxStream(seed, 'simulation', hash).normal();
}

function number(assignment: Assignment, name: string): number {
  return Number(assignment.get(name));
}

/** Branin and Hoo's: two numbers, three equal valleys. */
const branin: KnownFunction = {
  name: 'branin',
  space: [
    { name: 'x', kind: 'float', low: -5, high: 10, log: false },
    { name: 'y', kind: 'float', low: 0, high: 15, log: false },
  ],
  least: 0.397887,
  noise: 0,
  loss: (assignment) => {
    const [x, y] = [number(assignment, 'x'), number(assignment, 'y')];
    const valley = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
    return valley * valley + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

const hartmannWeights = [1, 1.2, 3, 3.2];
const hartmannScales = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannMiddles = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Hartmann's with six numbers and four hollows. */
const hartmann6: KnownFunction = {
  name: 'hartmann-6',
  space: [0, 1, 2, 3, 4, 5].map((axis) => ({ name: `x${String(axis)}`, kind: 'float', low: 0, high: 1, log: false })),
  least: -3.32237,
  noise: 0,
  loss: (assignment) => {
    const hollows = hartmannWeights.map((weight, hollow) => {
      const distance = (hartmannScales[hollow] ?? []).reduce((sum, scale, axis) => {
        const offset = number(assignment, `x${String(axis)}`) - (hartmannMiddles[hollow]?.[axis] ?? 0);
        return sum + scale * offset * offset;
      }, 0);
      return weight * Math.exp(-distance);
    });
    return -hollows.reduce((sum, hollow) => sum + hollow, 0);
  },
};

/** Best logarithm of the learning rate, and the loss there, of each optimizer; SGD has a momentum besides. */
const optimizers = new Map([
  ['sgd', { best: -0.8, floor: 0.28 }],
  ['adam', { best: -2.8, floor: 0.26 }],
  ['rmsprop', { best: -3.1, floor: 0.29 }],
  ['adagrad', { best: -1.7, floor: 0.36 }],
]);

/**
 * The shape of a real study: an optimizer, its learning rate (too small learns slowly, too large fails steeply), momentum only for
 * SGD, width and dropout of a layer, and noise as between seeds.
 */
const tuning: KnownFunction = {
  name: 'learning-rate',
  space: [
    { name: 'optimizer', kind: 'categorical', choices: [...optimizers.keys()] },
    { name: 'learning_rate', kind: 'float', low: 1e-5, high: 10, log: true },
    {
      name: 'momentum',
      kind: 'float',
      low: 0,
      high: 0.99,
      log: false,
      when: { parameter: 'optimizer', values: ['sgd'] },
    },
    { name: 'units', kind: 'int', low: 8, high: 1024, log: true },
    { name: 'dropout', kind: 'float', low: 0, high: 0.8, log: false, step: 0.1 },
  ],
  least: 0.26,
  noise: 0.01,
  loss: (assignment) => {
    const { best, floor } = optimizers.get(String(assignment.get('optimizer'))) ?? { best: 0, floor: 1 };
    // Momentum multiplies the step.
    const momentum = number(assignment, 'momentum') || 0;
    const effective = Math.log10(number(assignment, 'learning_rate') / (1 - momentum));
    const offset = effective - best;
    const rate = offset < 0 ? 0.06 * offset * offset : 0.35 * offset * offset;
    const narrow = 0.03 * (Math.log2(number(assignment, 'units') / 256) / 4) ** 2;
    const regularized = 0.25 * (number(assignment, 'dropout') - 0.3) ** 2;
    return Math.min(2.3, floor + rate + narrow + regularized);
  },
};

export const knownFunctions: readonly KnownFunction[] = [branin, hartmann6, tuning];
