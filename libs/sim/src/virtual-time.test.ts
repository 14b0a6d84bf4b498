import { expect, test } from 'vitest';
import { SimProcess } from './sim-process.ts';
import { VirtualTime } from './virtual-time.ts';

async function runDry(time: VirtualTime): Promise<void> {
  while (await time.advance());
}

test('events happen in the order of their times, and of being planned where times are equal', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  const note = (text: string) => () => seen.push(`${text} at ${String(time.nowMs)}`);
  for (const delayMs of [30, 10, 20, 10, 0]) time.after(delayMs, note(String(delayMs)));
  time.after(15, note('never'))();
  await runDry(time);
  expect(seen).toEqual(['0 at 0', '10 at 10', '10 at 10', '20 at 20', '30 at 30']);
});

test('whatever an event sets off has run before the next one', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  time.after(1, () => {
    void Promise.resolve().then(() => process.nextTick(() => void Promise.resolve().then(() => seen.push('set off'))));
  });
  time.after(1, () => seen.push('next'));
  await runDry(time);
  expect(seen).toEqual(['set off', 'next']);
});

test('a frozen process takes what came in once it is thawed, in order, and a dead one never', async () => {
  const time = new VirtualTime();
  const seen: string[] = [];
  const frozen = new SimProcess('frozen', time);
  const dead = new SimProcess('dead', time);
  for (const process of [frozen, dead]) {
    const thread = process.startThread();
    thread.clock.after(1, () => seen.push(`${process.name} timer`));
    void thread.compute(2, true).then(() => seen.push(`${process.name} computed`));
    time.after(3, () => thread.run(() => seen.push(`${process.name} message at ${String(time.nowMs)}`)));
  }
  time.after(0.5, () => {
    frozen.freeze();
    dead.kill();
  });
  time.after(9, () => frozen.thaw());
  await runDry(time);
  expect(seen).toEqual(['frozen computed', 'frozen timer', 'frozen message at 9']);
});
