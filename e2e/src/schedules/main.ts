/**
 * Trains each subject under random schedules of faults, with real processes, on 1 to 7 trainers, and compares every result with that
 * of one undisturbed trainer. README.md says what the table means.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { describeError } from '@weft/core';
import type { Transport } from './faulty-run.ts';
import { ScheduleTable } from './schedule-table.ts';
import { subjectNames, type SubjectName } from './subject.ts';

const { values } = parseArgs({
  options: {
    /** Each may say how many schedules it has: `small-bn:20,simple-cnn:2`. */
    models: { type: 'string', default: 'initial-nn,small-dropout,small-bn' },
    trainers: { type: 'string', default: '1,2,3,5,7' },
    transports: { type: 'string', default: 'star,direct' },
    /** For each transport and number of trainers, of models that do not say. */
    schedules: { type: 'string', default: '20' },
    /** First seed; with `--schedules 1` the schedule to repeat. */
    seed: { type: 'string', default: '1' },
    'data-dir': { type: 'string' },
    output: { type: 'string' },
  },
});
const models = values.models.split(',').map((text): { readonly model: SubjectName; readonly schedules: number } => {
  const [name = '', schedules = values.schedules] = text.split(':');
  const model = subjectNames.find((candidate) => candidate === name);
  if (model === undefined) throw new Error(`--models: ${name} is none of ${subjectNames.join(', ')}`);
  return { model, schedules: Number(schedules) };
});
const transports = values.transports.split(',').map((name): Transport => {
  if (name !== 'star' && name !== 'direct') throw new Error(`--transports: ${name} is neither star nor direct`);
  return name;
});
const sizes = values.trainers.split(',').map(Number);
const first = Number(values.seed);
const cells = models.flatMap(({ model, schedules }) =>
  sizes.flatMap((trainers) => transports.map((transport) => ({ cell: { model, trainers, transport }, schedules }))),
);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const table = new ScheduleTable(values['data-dir'], say);
try {
  let from = first;
  for (const { cell, schedules } of cells) {
    for (let seed = from; seed < from + schedules; seed++) await table.run(cell, seed);
    // Each cell has schedules of its own, unless one is repeated.
    if (values.schedules !== '1') from += schedules;
  }
} catch (thrown) {
  say(`stopped: ${describeError(thrown)}`);
  process.exitCode = 1;
} finally {
  await table.end();
}
const path = values.output ?? join(resultsDirectory(), `schedules-${new Date().toISOString().slice(0, 10)}.json`);
if (table.rows.length > 1) {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `${JSON.stringify(table.report(), undefined, 1)}\n`);
  say(`written to ${path}`);
}
say(table.summary());
if (table.failures > 0) process.exitCode = 1;

function resultsDirectory(): string {
  return join(import.meta.dirname, '../../../benchmarks/results');
}
