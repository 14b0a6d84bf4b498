/** Trials and studies of plausible figures, from a seeded generator. */
import type { Assignment, ParameterValue, SearchSpace } from '@weft/tuning';
import type { ReportedStudy } from './input/reported-study.ts';
import type { ReportedEpoch, ReportedTrial } from './input/reported-trial.ts';

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function digestOf(next: () => number): string {
  return Array.from({ length: 8 }, () =>
    Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

/** A trial that learns up to `accuracy` over `epochs`. */
export function trialOf(given: {
  readonly trial: number;
  readonly cell: number;
  readonly settings: Assignment;
  readonly accuracy: number;
  readonly seed?: number;
  readonly epochs?: number;
  readonly state?: ReportedTrial['state'];
}): ReportedTrial {
  const { trial, cell, settings, accuracy, seed = 1, epochs = 5, state = 'complete' } = given;
  const next = generator(1000 * cell + seed);
  const end = accuracy + 0.008 * (next() - 0.5);
  const curve = Array.from({ length: epochs }, (_, at): ReportedEpoch => {
    const reached = 0.1 + (end - 0.1) * (1 - Math.exp((-4 * (at + 1)) / epochs)) * 1.0187;
    const validation = reached + 0.004 * (next() - 0.5);
    const loss = -Math.log(Math.max(0.01, reached)) * 2.2;
    return {
      ...{ loss, accuracy: reached + 0.012 * (at / epochs), validationLoss: loss * (1 + 0.06 * next()) },
      ...{ validationAccuracy: validation, seconds: 1.1 + 0.2 * next(), examplesPerSecond: 41_000 + 6000 * next() },
      trainers: at % 3 === 2 ? 1 : 2,
    };
  });
  const complete = state === 'complete';
  const last = curve.at(-1);
  return {
    ...{ trial, cell, settings, seed, state, epochs: curve, attempts: trial % 7 === 3 ? 2 : 1 },
    reason: state === 'diverged' ? 'the loss was NaN at epoch 2, step 31, first in layer dense_1' : '',
    ...{ runId: `run-${String(trial)}`, configurationDigest: digestOf(next) },
    result: complete
      ? {
          ...{ testLoss: (last?.validationLoss ?? 0) * 1.02, testAccuracy: end - 0.006 },
          ...{ weightsDigest: digestOf(next), seconds: 6.2, examplesPerSecond: 43_700 },
        }
      : undefined,
    value: complete ? last?.validationAccuracy : undefined,
  };
}

/** A study around its trials. */
export function studyOf(given: {
  readonly studyId: string;
  readonly title: string;
  readonly space: SearchSpace;
  readonly trials: readonly ReportedTrial[];
  readonly sampler?: string;
}): ReportedStudy {
  const { studyId, title, space, trials, sampler = 'grid' } = given;
  const count = (state: ReportedTrial['state']): number => trials.filter((trial) => trial.state === state).length;
  const next = generator(trials.length);
  return {
    ...{
      studyId,
      title,
      space,
      trials,
      sampler,
      state: 'finished',
      reason: '',
      pruner: '',
      importance: [],
    },
    fixed: (
      [
        ['model', 'initial-nn'],
        ['batch-size', 128],
      ] as const
    ).filter(([name]) => space.every((p) => p.name !== name)),
    objective: { metric: 'validation-accuracy', maximize: true, bestEpoch: false },
    counts: {
      ...{ planned: trials.length, waiting: 0, running: 0, missing: 0, complete: count('complete') },
      ...{ pruned: count('pruned'), diverged: count('diverged'), excused: count('excused') },
    },
    costs: {
      ...{ makespanSeconds: 3.4 * trials.length, trainerSeconds: 6.8 * trials.length },
      ...{ usefulSeconds: 6.1 * trials.length, lostSeconds: 0.2 * trials.length, examples: 270_000 * trials.length },
    },
    digests: [
      ['definition', digestOf(next)],
      ['results', digestOf(next)],
    ],
  };
}

/** A search over optimizer, learning rate, momentum where it counts, and batch size. */
export function searchStudy(cells: number, epochs = 5): ReportedStudy {
  const space: SearchSpace = [
    { kind: 'categorical', name: 'optimizer', choices: ['sgd', 'adam', 'rmsprop'] },
    { kind: 'float', name: 'learning-rate', low: 1e-4, high: 1, log: true },
    {
      kind: 'float',
      name: 'momentum',
      low: 0,
      high: 0.99,
      log: false,
      when: { parameter: 'optimizer', values: ['sgd'] },
    },
    { kind: 'categorical', name: 'batch-size', choices: [32, 64, 128, 256, 512] },
  ];
  const next = generator(7);
  const trials = Array.from({ length: cells }, (_, trial) => {
    const optimizer = (['sgd', 'adam', 'rmsprop'] as const)[Math.floor(next() * 3)] ?? 'sgd';
    const rate = Number((10 ** (-4 + 4 * next())).toPrecision(4));
    const settings = new Map<string, ParameterValue>([
      ['optimizer', optimizer],
      ['learning-rate', rate],
    ]);
    if (optimizer === 'sgd') settings.set('momentum', Number((0.99 * next()).toFixed(3)));
    settings.set('batch-size', [32, 64, 128, 256, 512][Math.floor(next() * 5)] ?? 32);
    const best = optimizer === 'sgd' ? -1 : -3;
    const accuracy = Math.max(0.1, 0.87 - 0.09 * (Math.log10(rate) - best) ** 2 - 0.02 * next());
    const state = rate > 0.5 && optimizer !== 'sgd' ? 'diverged' : trial % 6 === 5 ? 'pruned' : 'complete';
    return trialOf({
      ...{ trial, cell: trial, settings, accuracy, seed: 1, state },
      epochs: state === 'complete' ? epochs : Math.min(2, epochs),
    });
  });
  return {
    ...studyOf({
      studyId: 'search',
      title: 'Search: optimizer, rate and batch',
      space,
      trials,
      sampler: 'tpe (candidates 24)',
    }),
    pruner: 'median (startup trials 5)',
    importance: [
      { parameter: 'learning-rate', share: 0.71 },
      { parameter: 'optimizer', share: 0.16 },
      { parameter: 'batch-size', share: 0.05 },
      { parameter: 'momentum', share: 0.02 },
    ],
  };
}
