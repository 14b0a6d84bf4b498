import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runId, trainerId } from '../id.ts';
import type { PlacedRun, PlacedTrainer, PlacementRequest } from './placement-request.ts';
import { place } from './place.ts';

const all = 1000;
const nowMs = 60_000;

/** `a` is idle, `a:r` works for r, `a:-r` is being let go by r, `a!` leaves, `a@x` has engine x, `a*` lost its run just now. */
function trainer(text: string): PlacedTrainer {
  const [, id = '', engine = 'e', leaving, fresh, released, run] =
    /^([a-z]+)(?:@([a-z]+))?(!)?(\*)?(?::(-)?(\w+))?$/.exec(text) ?? [];
  return {
    id: trainerId(id),
    engineFingerprint: engine,
    leaving: leaving !== undefined,
    run: run === undefined ? undefined : runId(run),
    released: released !== undefined,
    idleSinceMs: fresh === undefined ? -Infinity : nowMs,
  };
}

function run(id: string, change: Partial<PlacedRun> = {}): PlacedRun {
  return {
    ...{ id: runId(id), group: '', priority: 0, urgency: 0, order: id.codePointAt(0) ?? 0, isOn: false },
    ...{ isInterrupted: false, required: 1, maxTrainers: 1, engineFingerprint: '', workload: 'w', refused: new Set() },
    ...{ changedMs: 0, ...change },
  };
}
const on = (id: string, change: Partial<PlacedRun> = {}): PlacedRun => run(id, { isOn: true, ...change });

function requestOf(trainers: string, runs: readonly PlacedRun[], speeds: readonly number[] = []): PlacementRequest {
  const measured = new Map(speeds.flatMap((speed, index) => (speed === 0 ? [] : [[index + 1, speed] as const])));
  const placed = trainers === '' ? [] : trainers.split(' ').map(trainer);
  return { nowMs, trainers: placed, runs, speeds: new Map([['w', measured]]), engines: new Map() };
}

/** `start r a,b`, `give r a`, `take r a`, `r waits: ...`. */
function decide(request: PlacementRequest): string[] {
  const { actions, waiting } = place(request);
  return [
    ...actions.map((action) =>
      action.kind === 'start'
        ? `start ${action.run} ${action.trainers.join(',')}`
        : `${action.kind} ${action.run} ${action.trainer}`,
    ),
    ...[...waiting].map(([id, reason]) => `${id} ${reason}`),
  ];
}

const trial = (id: string, change: Partial<PlacedRun> = {}): PlacedRun => run(id, { group: 'study', ...change });

test.each<[string, string, PlacedRun[], string[]]>([
  [
    'all runs of a study get the engine that most trainers have, though others are idle',
    'a@x b@y c@y d@x e@y',
    [trial('r'), trial('s'), trial('t'), trial('u')],
    ['start r b', 'start s c', 'start t e', 'u waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'a study keeps to the engine on which a run of it works',
    'a@x:r b@y c@y d@x',
    [trial('r', { isOn: true }), trial('s'), trial('t')],
    ['start s d', 't waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'a study whose engine nobody has waits, and says for which',
    'a@y b@y',
    [trial('r', { engineFingerprint: 'x' }), trial('s')],
    [
      'r waiting for 1 of 1 trainer: none with the engine that it began on is attached ("x")',
      's waiting for 1 of 1 trainer: none with the engine that it began on is attached ("x")',
    ],
  ],
  [
    'a study begins on the engine that has enough trainers for its gangs, and single runs on any',
    'a@x b@y c@y',
    [trial('r', { required: 2 }), run('s')],
    ['start r b,c', 'start s a'],
  ],
  [
    'runs start side by side, each on its own gang',
    'a b c',
    [run('r'), run('s', { required: 2 })],
    ['start r a', 'start s b,c'],
  ],
  [
    'a gang is given whole or not at all',
    'a b',
    [run('r', { required: 3, maxTrainers: 3 })],
    ['r waiting for 3 of 3 trainers: 2 are attached'],
  ],
  [
    'a gang that will never be there keeps nobody else from working',
    'a b',
    [run('r', { required: 3 }), run('s')],
    ['start s a', 'r waiting for 3 of 3 trainers: 2 are attached'],
  ],
  [
    'idle trainers are kept for the gang whose turn it is, though a later run could use them',
    'a b c:x',
    [on('x'), run('r', { required: 3 }), run('s')],
    [
      'r waiting for 3 of 3 trainers: the others are at work for other runs',
      's waiting for 1 of 1 trainer: the others are at work for other runs',
    ],
  ],
  [
    'higher priority goes first',
    'a',
    [run('r'), run('s', { priority: 1 })],
    ['start s a', 'r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'what a coordinator before had begun goes before what is queued',
    'a',
    [run('r'), run('s', { isInterrupted: true })],
    ['start s a', 'r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'within a group the urgent goes first',
    'a',
    [run('r', { group: 'g' }), run('s', { group: 'g', urgency: 2 })],
    ['start s a', 'r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'the group that has the fewest trainers goes first, whoever submitted first',
    'a:x b:y c d',
    [
      on('x', { group: 'g' }),
      on('y', { group: 'g' }),
      run('r', { group: 'g' }),
      run('s', { group: 'h' }),
      run('z', { group: 'h' }),
    ],
    ['start s c', 'start z d', 'r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'a run that lacks a trainer gets one before a run that is queued',
    'a:r b',
    [on('r', { required: 2 }), run('q')],
    ['give r b', 'q waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'a run with more than it needs lets one go for a run that waits',
    'a:x b:x c:x',
    [on('x', { maxTrainers: all }), run('r')],
    ['take x c', 'r waiting for 1 of 1 trainer: they finish what they have in hand'],
  ],
  [
    'who is being let go already is enough: no more are taken',
    'a:x b:x c:-x',
    [on('x', { maxTrainers: all }), run('r')],
    ['r waiting for 1 of 1 trainer: they finish what they have in hand'],
  ],
  [
    'nobody is taken for a gang that would not be whole',
    'a:x b:x c:y',
    [on('x', { maxTrainers: all }), on('y'), run('r', { required: 2 })],
    ['r waiting for 2 of 2 trainers: the others are at work for other runs'],
  ],
  [
    'a run is not taken below what it needs, whoever waits',
    'a:x b:x',
    [on('x', { required: 2, maxTrainers: 2 }), run('r', { priority: 9 })],
    ['r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'a run with a higher priority keeps what it has',
    'a:x b:x',
    [on('x', { maxTrainers: all, priority: 1 }), run('r')],
    ['r waiting for 1 of 1 trainer: the others are at work for other runs'],
  ],
  [
    'the run of lowest priority is asked first, then that of the largest group',
    'a:x b:x c:y d:y f:z g:z',
    [
      on('x', { maxTrainers: all }),
      on('y', { maxTrainers: all, group: 'g', priority: -1 }),
      on('z', { maxTrainers: all }),
      run('r', { required: 2 }),
    ],
    ['take y d', 'take z g', 'r waiting for 2 of 2 trainers: they finish what they have in hand'],
  ],
  [
    'halves of two gangs that neither can use become one whole gang',
    'a:x b:y',
    [on('x', { required: 2 }), on('y', { required: 2 })],
    [
      'take y b',
      'x waiting for 1 of 2 trainers: they finish what they have in hand',
      'y waiting for 2 of 2 trainers: the others are at work for other runs',
    ],
  ],
  [
    '... and stay together, though a run that needs one only waits',
    'a:x b:y',
    [on('x', { required: 2 }), on('y', { required: 2 }), run('z')],
    [
      'take y b',
      'x waiting for 1 of 2 trainers: they finish what they have in hand',
      'y waiting for 2 of 2 trainers: the others are at work for other runs',
      'z waiting for 1 of 1 trainer: the others are at work for other runs',
    ],
  ],
  [
    '... but not before it is clear that nobody comes back',
    'a:x b:y',
    [on('x', { required: 2, changedMs: nowMs - 9_000 }), on('y', { required: 2, changedMs: nowMs - 9_000 })],
    [
      'x waiting for 1 of 2 trainers: the others are at work for other runs',
      'y waiting for 1 of 2 trainers: the others are at work for other runs',
    ],
  ],
  [
    'a trainer that a run has let go for good is not given to it again',
    'a',
    [run('r', { refused: new Set([trainerId('a')]) }), run('s')],
    ['start s a', 'r waiting for 1 of 1 trainer: none is attached'],
  ],
  ['a trainer that goes away gets no run', 'a! b', [run('r')], ['start r b']],
  [
    'a gang has one engine: the one with the most idle trainers',
    'a@x b@y c@y',
    [run('r', { required: 2 })],
    ['start r b,c'],
  ],
  ['a run keeps the engine that it began on', 'a@x b@y', [run('r', { engineFingerprint: 'y' })], ['start r b']],
  [
    'a run that nobody has told its engine has that of its trainers',
    'a@x:r b@y c@x',
    [on('r', { maxTrainers: all })],
    ['give r c'],
  ],
  [
    'a run that takes all gets every idle trainer at once when it starts',
    'a* b* c*',
    [run('r', { maxTrainers: all })],
    ['start r a', 'give r b', 'give r c'],
  ],
  ['a trainer that has just attached joins at once', 'a:r b', [on('r', { maxTrainers: all })], ['give r b']],
  ['a trainer that has just lost its run waits for one that needs it', 'a:r b*', [on('r', { maxTrainers: all })], []],
  ['... and gets it at once where there is one', 'a:r b*', [on('r', { maxTrainers: all }), run('s')], ['start s b']],
  ['no run gets more than its limit', 'a:r b:r c', [on('r', { maxTrainers: 2 })], []],
  [
    'idle trainers go to the smaller run',
    'a:r b:r c:s d',
    [on('r', { maxTrainers: all }), on('s', { maxTrainers: all })],
    ['give s d'],
  ],
  [
    'a run with two more than another gives one up',
    'a:r b:r c:r d:s',
    [on('r', { maxTrainers: all }), on('s', { maxTrainers: all })],
    ['take r c'],
  ],
  [
    '... not soon after it has changed',
    'a:r b:r c:r d:s',
    [on('r', { maxTrainers: all, changedMs: nowMs - 1000 }), on('s', { maxTrainers: all })],
    [],
  ],
  ['a difference of one is even', 'a:r b:r c:s', [on('r', { maxTrainers: all }), on('s', { maxTrainers: all })], []],
  [
    'groups share evenly, not runs',
    'a:r b:r c:s d:t',
    [
      on('r', { maxTrainers: all, group: 'g' }),
      on('s', { maxTrainers: all, group: 'h' }),
      on('t', { maxTrainers: all, group: 'h' }),
    ],
    [],
  ],
  [
    'a difference of one between groups is even',
    'a:r b:r c:s',
    [on('r', { maxTrainers: all, group: 'g' }), on('s', { maxTrainers: all, group: 'h' })],
    [],
  ],
  [
    'a run of higher priority grows at the cost of others',
    'a:r b:r c:s',
    [on('r', { maxTrainers: all }), on('s', { maxTrainers: all, priority: 1 })],
    ['take r b'],
  ],
])('%s', (_, trainers, runs, expected) => {
  expect(decide(requestOf(trainers, runs))).toEqual(expected);
});

test.each<[string, string, number[], string[]]>([
  ['what one trainer does is not known', 'a:r b', [], []],
  ['what two do is not known', 'a:r b', [100], ['give r b']],
  ['two are a tenth faster', 'a:r b', [100, 111], ['give r b']],
  ['two are hardly faster', 'a:r b', [100, 109], []],
  ['two are slower', 'a:r b:r', [100, 99], ['take r b']],
  ['two are as fast', 'a:r b:r', [100, 100], []],
  ['three are faster than two, which are slower than one', 'a:r b:r c', [100, 99, 200], ['give r c']],
])('as many as make it faster: %s', (_, trainers, speeds, expected) => {
  expect(decide(requestOf(trainers, [on('r', { maxTrainers: 0 })], speeds))).toEqual(expected);
});

test('idle trainers of another engine that a run would take are told', () => {
  const { misfits } = place(requestOf('a:r b@x c', [on('r', { maxTrainers: all })]));
  expect(misfits).toEqual([{ run: 'r', trainer: 'b' }]);
});

test('what follows after some time is told', () => {
  expect(place(requestOf('a:r b*', [on('r', { maxTrainers: all })])).againMs).toBe(500);
  expect(place(requestOf('a:r b', [on('r', { maxTrainers: all })])).againMs).toBeUndefined();
});

test('the order in which trainers and runs are listed decides nothing', () => {
  const names = fc.constantFrom('p', 'q', 'r', 's');
  const someRun = fc.record({
    ...{ id: names, group: fc.constantFrom('', 'g', 'h'), priority: fc.nat(1), urgency: fc.nat(1), isOn: fc.boolean() },
    ...{ required: fc.integer({ min: 1, max: 3 }), maxTrainers: fc.constantFrom(0, 1, 3, all) },
    changedMs: fc.constantFrom(0, nowMs - 1000),
  });
  const someTrainer = fc.record({
    ...{
      id: fc.constantFrom('a', 'b', 'c', 'd', 'f', 'g'),
      engine: fc.constantFrom('e', 'f'),
      run: fc.option(names),
      released: fc.boolean(),
    },
    leaving: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(someRun, { selector: ({ id }) => id }),
      fc.uniqueArray(someTrainer, { selector: ({ id }) => id }),
      (runs, trainers) => {
        const placed = runs.map(({ id, ...change }) => run(id, change));
        const isOn = new Set(runs.filter((one) => one.isOn).map(({ id }) => id));
        const attached = trainers.map(({ id, engine, run: works, released, leaving }) => ({
          ...trainer(`${id}@${engine}`),
          ...{ leaving, released, run: works !== null && isOn.has(works) ? runId(works) : undefined },
        }));
        const request = { ...requestOf('', placed, [100, 120, 110]), trainers: attached };
        const reversed = { ...request, runs: [...placed].reverse(), trainers: [...attached].reverse() };
        expect(decide(reversed)).toEqual(decide(request));
      },
    ),
  );
});

test('a study that computed before goes on with the same engine', () => {
  const request = { ...requestOf('a@x b@y c@y', [trial('r'), trial('s')]), engines: new Map([['study', 'x']]) };
  expect(decide(request)).toEqual(['start r a', 's waiting for 1 of 1 trainer: the others are at work for other runs']);
});
