/** A few of the random schedules of faults; `npm run schedules -w @weft/e2e` runs hundreds. */
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { momentChooser } from './harness/chosen-moment.ts';
import { ScheduleTable } from './schedules/schedule-table.ts';

test('random kills, freezes, slowness, cuts and joins change no byte', async () => {
  const seed = momentChooser('random schedules')('first seed', 0, 1_000_000);
  const table = new ScheduleTable(undefined, (line) => process.stderr.write(`${line}\n`));
  onTestFinished(() => table.end());
  await table.run({ model: 'initial-nn', trainers: 1, transport: 'star' }, seed);
  await table.run({ model: 'initial-nn', trainers: 2, transport: 'direct' }, seed + 1);
  await table.run({ model: 'initial-nn', trainers: 3, transport: 'star' }, seed + 2);
  await table.run({ model: 'small-bn', trainers: 3, transport: 'direct' }, seed + 3);
  expect(table.rows.map(({ equal, failure }) => failure ?? equal)).toEqual([true, true, true, true]);
});
