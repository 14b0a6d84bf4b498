/**
 * Which sampler finds better cells of functions whose least value is known, with equal budget; and what a proposal costs.
 *
 * `npm run samplers -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { createSampler, defaultSamplerSettings, problemsOfSamplerSpace, samplerNames } from '@weft/tuning';
import type { SamplerName, SearchSpace } from '@weft/tuning';
import { quantile } from './faults/quantile.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, counts } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { median, rounded, spreadOf } from './report/statistics.ts';
import { markdownTable } from './report/table.ts';
import { knownFunctions, type KnownFunction } from './samplers/known-functions.ts';
import { proposalMs } from './samplers/proposal-cost.ts';
import { searchedLoss } from './samplers/search.ts';

const parallels = [1, 4];
const warmUps = 3;
const proposals = 15;

/** What a proposal is timed in: some of everything. */
const costSpace: SearchSpace = [
  { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam', 'rmsprop', 'nadam'] },
  { name: 'learning_rate', kind: 'float', low: 1e-5, high: 1, log: true },
  {
    name: 'momentum',
    kind: 'float',
    low: 0,
    high: 0.99,
    log: false,
    when: { parameter: 'optimizer', values: ['sgd'] },
  },
  { name: 'units', kind: 'int', low: 8, high: 1024, log: true },
  { name: 'layers', kind: 'int', low: 1, high: 8, log: false },
  { name: 'dropout', kind: 'float', low: 0, high: 0.8, log: false, step: 0.1 },
  { name: 'decay', kind: 'float', low: 1e-6, high: 1e-2, log: true },
  { name: 'warm_up', kind: 'float', low: 0, high: 1, log: false },
];
const costSpaces: Readonly<Record<string, SearchSpace>> = {
  mixed: costSpace,
  // Without a float that has no step, so that there is a grid, and cells could be repeated.
  countable: costSpace.map((parameter) =>
    parameter.kind === 'float' && parameter.step === undefined ? { ...parameter, log: false, step: 0.001 } : parameter,
  ),
};

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      budget: { type: 'string', default: '80' },
      seeds: { type: 'string', default: '20' },
      histories: { type: 'string', default: '100,1000,10000' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('samplers');
  const [budget, seeds] = [count('budget', values.budget), count('seeds', values.seeds)];
  const searches = [];
  for (const known of knownFunctions) {
    for (const parallel of parallels) {
      const regrets = new Map<SamplerName, number[]>();
      for (const name of samplersFor(known.space)) {
        signal.throwIfAborted();
        regrets.set(name, regretsOf(name, known, { budget, parallel, seeds }));
      }
      searches.push(...comparisons(known, parallel, regrets));
    }
  }
  const costs = [];
  for (const [space, parameters] of Object.entries(costSpaces)) {
    for (const sampler of samplersFor(parameters)) {
      for (const cells of counts('histories', values.histories)) {
        signal.throwIfAborted();
        const ms = proposalMs(createSampler(sampler), parameters, cells, warmUps + proposals).slice(warmUps);
        costs.push({ sampler, space, cells, ms: spreadOf(ms) });
      }
    }
  }
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    settings: { budget, seeds, samplers: defaultSamplerSettings },
    ...{ searches, costs },
  });
  const rows = searches.map((row) => [
    `${row.function}, ${String(row.parallel)} at a time, ${row.sampler}`,
    ...[row.median, row.lower, row.upper].map((regret) => regret.toPrecision(3)),
    row.sampler === 'random' ? '-' : `${String(row.winsAgainstRandom)} of ${String(seeds)}`,
  ]);
  console.log(markdownTable(['search', 'median regret', 'lower quartile', 'upper quartile', 'wins'], rows));
  const costRows = costs.map(({ sampler, space, cells, ms }) => [
    `${sampler}, ${space} space, ${String(cells)} cells`,
    ...[ms?.min, ms?.median, ms?.max].map((value) => (value ?? Number.NaN).toFixed(2)),
  ]);
  console.log(`\n${markdownTable(['proposal', 'ms, least', 'median', 'most'], costRows)}`);
  console.log(`\nwritten to ${path}`);
});

function samplersFor(space: SearchSpace): SamplerName[] {
  return samplerNames.filter((name) => problemsOfSamplerSpace(name, space).length === 0);
}

/** How far above the least value each seed's search ended. */
function regretsOf(
  name: SamplerName,
  known: KnownFunction,
  { budget, parallel, seeds }: { readonly budget: number; readonly parallel: number; readonly seeds: number },
): number[] {
  return Array.from(
    { length: seeds },
    (_, seed) => searchedLoss(createSampler(name), known, { seed, budget, parallel }) - known.least,
  );
}

function comparisons(known: KnownFunction, parallel: number, regrets: ReadonlyMap<SamplerName, readonly number[]>) {
  const ofRandom = regrets.get('random') ?? [];
  return [...regrets].map(([sampler, own]) => ({
    ...{ function: known.name, parallel, sampler, median: rounded(median(own)) },
    ...{ lower: rounded(quantile(own, 0.25)), upper: rounded(quantile(own, 0.75)) },
    winsAgainstRandom: own.filter((regret, seed) => regret < (ofRandom[seed] ?? Number.NEGATIVE_INFINITY)).length,
    regrets: own.map(rounded),
  }));
}
