/**
 * Computes the digests of all cases in this process and prints them as one line of JSON. The cases are taken in an order that
 * starts at `--turn`, so that each has run after different others in each process.
 */
import { parseArgs } from 'node:util';
import { WeftError } from '@weft/core';
import { engineNames, openEngine } from '@weft/engine';
import { caseTitle, gradientCases } from './determinism/gradient-case.ts';
import { gradientDigest, openModel, type DigestedModel } from './determinism/gradient-digest.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, counts, models } from './process/option-values.ts';

await benchmarkMain(async () => {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'ort-cpu' },
      models: { type: 'string', default: 'initial-nn' },
      sizes: { type: 'string', default: '32' },
      turn: { type: 'string', default: '1' },
    },
  });
  const name = engineNames.find((known) => known === values.engine);
  if (name === undefined) throw new WeftError('invalid-argument', `--engine: "${values.engine}" is none`);
  const engine = await openEngine(name);
  const cases = gradientCases(models('models', values.models), counts('sizes', values.sizes));
  const start = count('turn', values.turn) % cases.length;
  const opened = new Map<string, DigestedModel>();
  const digests: Record<string, string> = {};
  for (const each of [...cases.slice(start), ...cases.slice(0, start)]) {
    const model = opened.get(each.model) ?? (await openModel(engine, each.model));
    opened.set(each.model, model);
    digests[caseTitle(each)] = await gradientDigest(model, each);
  }
  console.log(JSON.stringify({ fingerprint: engine.fingerprint, digests }));
});
