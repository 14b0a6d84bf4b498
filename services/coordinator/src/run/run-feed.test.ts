import { runId } from '@weft/core';
import { expect, test } from 'vitest';
import { RunFeed, type FeedEvent } from './run-feed.ts';

const run = runId('r');
const notice = (text: string): FeedEvent => ({ case: 'notice', value: { atSeconds: 0, text } });
const progress = (step: number): FeedEvent => ({ case: 'progress', value: { step } });
const never = new AbortController().signal;

async function collect(events: AsyncGenerator<FeedEvent>): Promise<FeedEvent[]> {
  const all: FeedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('each watcher sees everything from its start to the end of the run, in order', async () => {
  const feed = new RunFeed();
  const early = collect(feed.watch(run, never));
  feed.publish(run, notice('a'));
  const late = collect(feed.watch(run, never));
  feed.publish(run, notice('b'));
  feed.publish(runId('other'), notice('not for us'));
  feed.endRun(run);
  expect(await early).toEqual([notice('a'), notice('b')]);
  expect(await late).toEqual([notice('b')]);
});

test('a watcher that falls far behind loses progress and nothing else', async () => {
  const feed = new RunFeed();
  const events = feed.watch(run, never);
  feed.publish(run, notice('first'));
  for (let step = 0; step < 3000; step++) feed.publish(run, progress(step));
  feed.publish(run, notice('last'));
  feed.endRun(run);
  const seen = await collect(events);
  expect(seen.length).toBeLessThanOrEqual(1025);
  expect(seen.filter((event) => event.case === 'notice')).toEqual([notice('first'), notice('last')]);
});

test('an aborted watch ends after what it was given, and others go on', async () => {
  const feed = new RunFeed();
  const leaving = new AbortController();
  const gone = collect(feed.watch(run, leaving.signal));
  const stays = collect(feed.watch(run, never));
  feed.publish(run, notice('a'));
  leaving.abort();
  expect(await gone).toEqual([notice('a')]);
  feed.publish(run, notice('b'));
  feed.endAll();
  expect(await stays).toEqual([notice('a'), notice('b')]);
});
