import type { Clock } from '@weft/core';
import { createLogger } from '@weft/telemetry';
import { expect, test } from 'vitest';
import { Heartbeats } from './heartbeats.ts';

const log = createLogger({ level: 'error', format: 'json', component: 'test', stream: { write: () => undefined } });

test('the round trip is the shortest of late: an answer that came late once changes nothing', async () => {
  let nowMs = 0;
  let tick = (): void => undefined;
  let answerMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    after: () => () => undefined,
    every: (_, action) => {
      tick = action;
      return () => undefined;
    },
    soon: setImmediate,
  };
  const connection = {
    heartbeat: () => {
      nowMs += answerMs;
      return answerMs < 1000 ? Promise.resolve({}) : Promise.reject(new Error('no answer'));
    },
    close: () => undefined,
  };
  const heartbeats = new Heartbeats(connection, { trainerId: 't', instanceId: 'i' }, clock, log);
  const measured: number[] = [];
  heartbeats.start(600, (roundTripMs) => measured.push(roundTripMs));
  for (answerMs of [3, 2, 50, 5000, ...new Array<number>(8).fill(40)]) {
    tick();
    await new Promise(setImmediate);
  }
  expect(measured).toEqual([3, ...new Array<number>(8).fill(2), 40, 40]);
  heartbeats.close();
});
