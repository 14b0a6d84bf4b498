import { expect, test } from 'vitest';
import type { Pace } from './paces.ts';
import { describeSlowness, slownessOf, type SlowCause } from './straggler.ts';

const calm: Pace = {
  chunks: 4,
  dataSeconds: 0.01,
  computeSeconds: 0.1,
  reduceSeconds: 0.01,
  waitSeconds: 0.02,
  roundTripMs: 1,
  settled: true,
};

test.each<{
  readonly name: string;
  readonly own: Partial<Pace>;
  readonly others?: readonly Partial<Pace>[];
  readonly named?: SlowCause;
  readonly says: string | undefined;
}>([
  { name: 'all alike', own: {}, says: undefined },
  {
    name: 'one that computes slowly',
    own: { computeSeconds: 0.31, waitSeconds: 0 },
    says: 'computing takes 3.1 times the median (0.31 s a step)',
  },
  {
    name: 'one that computes slowly, with fewer chunks by now',
    own: { chunks: 1, computeSeconds: 0.0775, dataSeconds: 0.0025 },
    says: 'computing takes 3.1 times the median (78 ms a step)',
  },
  { name: 'one that has more chunks and is no slower', own: { chunks: 8, computeSeconds: 0.2 }, says: undefined },
  {
    name: 'one whose examples come late',
    own: { dataSeconds: 0.2, waitSeconds: 0 },
    says: 'gathering examples takes 20.0 times the median (0.20 s a step)',
  },
  {
    name: 'one that adds slowly',
    own: { reduceSeconds: 0.05 },
    says: 'adding and applying takes 5.0 times the median (50 ms a step)',
  },
  {
    name: 'one that is slow in two ways, by the one that costs more',
    own: { dataSeconds: 0.03, computeSeconds: 0.2 },
    says: 'computing takes 2.0 times the median (0.20 s a step)',
  },
  {
    name: 'one whose messages travel slowly while all wait',
    own: { roundTripMs: 40, waitSeconds: 0.06 },
    others: [{ waitSeconds: 0.06 }, { waitSeconds: 0.06 }],
    says: 'a message to the coordinator and back takes 40.0 times the median (40 ms)',
  },
  { name: 'slow messages for which nobody waits', own: { roundTripMs: 40 }, says: undefined },
  {
    name: 'one whose round trip is not known',
    own: { roundTripMs: 0, waitSeconds: 0.06 },
    others: [{ waitSeconds: 0.06 }],
    says: undefined,
  },
  { name: 'a third slower', own: { computeSeconds: 0.133 }, says: undefined },
  {
    name: 'a third slower, when it is named already',
    own: { computeSeconds: 0.133 },
    named: 'compute',
    says: 'computing takes 1.3 times the median (0.13 s a step)',
  },
  { name: 'a third slower, named for another cause', own: { computeSeconds: 0.133 }, named: 'data', says: undefined },
  {
    name: 'three times as slow in steps too short to matter',
    own: { dataSeconds: 0, computeSeconds: 0.0015, reduceSeconds: 0, waitSeconds: 0 },
    others: [{ dataSeconds: 0, computeSeconds: 0.0005 }],
    says: undefined,
  },
  { name: 'one without chunks', own: { chunks: 0, dataSeconds: 0, computeSeconds: 0 }, says: undefined },
  { name: 'one that is alone', own: { computeSeconds: 9 }, others: [], says: undefined },
  {
    name: 'one beside another that is slow as well',
    own: { computeSeconds: 0.4, waitSeconds: 0 },
    others: [{}, {}, { computeSeconds: 0.4 }],
    says: 'computing takes 4.0 times the median (0.40 s a step)',
  },
])('$name', ({ own, others = [{}, {}], named, says }) => {
  const slowness = slownessOf(
    { ...calm, ...own },
    others.map((other) => ({ ...calm, ...other })),
    named,
  );
  expect(slowness === undefined ? undefined : describeSlowness(slowness)).toBe(says);
});
