import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scheduler, type RunSpec, type Speed, type TrainerEvent } from './scheduler.fixture.ts';

const workloads = ['scales', 'stalls', 'single'] as const;

/** One workload becomes faster with each trainer, one up to two, one slower. */
const speed: Speed = (workload, trainers) => {
  if (workload === 'scales') return 100 * trainers;
  if (workload === 'stalls') return 100 * Math.min(2, trainers) - 5 * trainers;
  return 100 / trainers;
};

const someRun = fc
  .record({
    arrivesMs: fc.nat(20_000),
    group: fc.constantFrom('', 'g', 'h'),
    priority: fc.nat(2),
    minTrainers: fc.integer({ min: 1, max: 4 }),
    extraStart: fc.nat(2),
    extraMost: fc.option(fc.nat(3)),
    work: fc.integer({ min: 1, max: 3000 }),
    workload: fc.constantFrom(...workloads),
  })
  .map(({ extraStart, extraMost, ...spec }): RunSpec => {
    const startTrainers = Math.min(4, spec.minTrainers + extraStart);
    return { ...spec, startTrainers, maxTrainers: extraMost === null ? 0 : startTrainers + extraMost };
  });
const someLoss: fc.Arbitrary<TrainerEvent> = fc.record({
  ...{ atMs: fc.nat(60_000), trainer: fc.nat(5), backAfterMs: fc.integer({ min: 100, max: 30_000 }) },
});

const name = (trainer: number): string => `t${String(trainer)}`;

test('whatever arrives and is lost: nobody has two runs, no run is taken below its need, and every run ends', () => {
  fc.assert(
    fc.property(
      fc.array(someRun, { maxLength: 12 }),
      fc.array(someLoss, { maxLength: 8 }),
      fc.integer({ min: 4, max: 6 }),
      fc.constantFrom(0, 300, 2500),
      (specs, losses, trainers, releaseMs) => {
        const scheduler = new Scheduler(speed, releaseMs);
        const due = [
          ...Array.from({ length: trainers }, (_, index) => ({ atMs: 0, act: () => scheduler.attach(name(index)) })),
          ...specs.map((spec, index) => ({
            ...{ atMs: spec.arrivesMs, act: () => scheduler.submit(spec, `r${String(index)}`, index) },
          })),
          ...losses
            .filter(({ trainer }) => trainer < trainers)
            .flatMap(({ atMs, trainer, backAfterMs }) => [
              { atMs, act: () => scheduler.lose(name(trainer)) },
              { atMs: atMs + backAfterMs, act: () => scheduler.attach(name(trainer)) },
            ]),
        ].sort((a, b) => a.atMs - b.atMs);
        // One after the other on one trainer, and then some.
        const limitMs = 200_000 + specs.reduce((sum, { work }) => sum + work * 10 * 6, 0);
        while (due.length > 0 || scheduler.unfinished > 0) {
          while ((due[0]?.atMs ?? Infinity) <= scheduler.nowMs) due.shift()?.act();
          scheduler.tick();
          if (scheduler.nowMs > limitMs) throw new Error(`runs starve:\n${scheduler.log.slice(-20).join('\n')}`);
        }
      },
    ),
    { numRuns: 100 },
  );
});

const endless = (group: string, change: Partial<RunSpec> = {}): RunSpec => ({
  ...{ arrivesMs: 0, group, priority: 0, minTrainers: 1, startTrainers: 1, maxTrainers: 99, work: 1e9 },
  ...{ workload: 'scales', ...change },
});

test('where nothing happens, trainers do not move', () => {
  fc.assert(
    fc.property(
      fc.array(someRun, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(0, 300, 2500),
      (specs, trainers, releaseMs) => {
        const scheduler = new Scheduler(speed, releaseMs);
        for (let index = 0; index < trainers; index++) scheduler.attach(name(index));
        specs.forEach((spec, index) => scheduler.submit({ ...spec, work: 1e9 }, `r${String(index)}`, index));
        while (scheduler.nowMs < 120_000) scheduler.tick();
        const { length } = scheduler.log;
        while (scheduler.nowMs < 150_000) scheduler.tick();
        expect(scheduler.log.slice(length)).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});

test.each<[string, number, RunSpec[], number[]]>([
  ['one run takes all', 4, [endless('')], [4]],
  ['two runs share', 4, [endless(''), endless('')], [2, 2]],
  [
    'groups share, whatever the number of their runs',
    6,
    [endless('g'), endless('h'), endless('h'), endless('h')],
    [3, 1, 1, 1],
  ],
  ['higher priority takes what others do not need', 5, [endless(''), endless('', { priority: 1 })], [1, 4]],
  ['as many as make it faster', 4, [endless('', { maxTrainers: 0, workload: 'stalls' })], [2]],
  ['... and one where more make it slower', 4, [endless('', { maxTrainers: 0, workload: 'single' })], [1]],
  [
    '... which leaves the others to those that they help',
    4,
    [endless('', { maxTrainers: 0, workload: 'single' }), endless('')],
    [1, 3],
  ],
])('in the long run: %s', (_, trainers, specs, expected) => {
  const scheduler = new Scheduler(speed, 300);
  for (let index = 0; index < trainers; index++) scheduler.attach(name(index));
  specs.forEach((spec, index) => scheduler.submit(spec, `r${String(index)}`, index));
  while (scheduler.nowMs < 60_000) scheduler.tick();
  expect([...scheduler.sizes.values()]).toEqual(expected);
});
