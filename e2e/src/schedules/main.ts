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
import { ScheduleTable, type Cell } from './schedule-table.ts';
import { subjectNames, type SubjectName } from './subject.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'initial-nn,dropout-ann,small-bn' },
    trainers: { type: 'string', default: '1,2,3,5,7' },
    transports: { type: 'string', default: 'star,direct' },
    /** Schedules for each model, transport and number of trainers. */
    schedules: { type: 'string', default: '20' },
    /** First seed; with `--schedules 1` the schedule to repeat. */
    seed: { type: 'string', default: '1' },
    'data-dir': { type: 'string' },
    output: { type: 'string' },
  },
});
const models = values.models.split(',').map((name): SubjectName => {
  const known = subjectNames.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`--models: ${name} is none of ${subjectNames.join(', ')}`);
  return known;
});
const transports = values.transports.split(',').map((name): Transport => {
  if (name !== 'star' && name !== 'direct') throw new Error(`--transports: ${name} is neither star nor direct`);
  return name;
});
const sizes = values.trainers.split(',').map(Number);
const first = Number(values.seed);
const cells = models.flatMap((model) =>
  sizes.flatMap((trainers) => transports.map((transport): Cell => ({ model, trainers, transport }))),
);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const table = new ScheduleTable(values['data-dir'], say);
try {
  for (const [index, cell] of cells.entries()) {
    // Each cell has schedules of its own.
    const from = first + (values.schedules === '1' ? 0 : index * Number(values.schedules));
    for (let seed = from; seed < from + Number(values.schedules); seed++) await table.run(cell, seed);
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
