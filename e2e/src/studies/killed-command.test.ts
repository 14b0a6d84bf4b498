import { WeftError } from '@weft/core';
import type { StudyStore } from '@weft/store';
import { StudyState } from '@weft/wire';
import { expect, test } from 'vitest';
import { id, StudiesInFolder } from './studies-in-folder.ts';
import type { StudyKind } from './study-cost.ts';

/** Kills a coordinator in the middle of what it does: it writes no more, and ends no more runs. */
class Killer {
  /** What it may still do. */
  #left = Number.POSITIVE_INFINITY;
  isDead = false;

  spare(count: number): void {
    this.#left = count;
    this.isDead = false;
  }

  during<A extends readonly unknown[]>(action: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      this.isDead ||= this.#left <= 0;
      if (this.isDead) throw new WeftError('unavailable', 'the coordinator was killed');
      this.#left--;
      action(...args);
    };
  }
}

interface Command {
  /** Before it is asked for. */
  readonly prepare?: (world: StudiesInFolder) => void;
  readonly ask: (world: StudiesInFolder) => void;
}

const none = { moreCells: 0, moreTrialSeeds: [], epochs: 0 };
const commands: Readonly<Record<string, Command>> = {
  cancel: { ask: ({ studies }) => studies.cancel(id, 'enough of it') },
  'cancel while paused': {
    prepare: ({ studies }) => studies.pause(id),
    ask: ({ studies }) => studies.cancel(id, 'enough of it'),
  },
  pause: { ask: ({ studies }) => studies.pause(id) },
  resume: { prepare: ({ studies }) => studies.pause(id), ask: ({ studies }) => studies.resume(id) },
  retry: {
    prepare: ({ studies }) => studies.cancel(id, 'enough of it'),
    ask: ({ studies }) => studies.retry(id, []),
  },
  'extend by seeds': { ask: ({ studies }) => studies.extend(id, { ...none, moreTrialSeeds: [7n] }) },
  'extend by epochs': { ask: ({ studies }) => studies.extend(id, { ...none, epochs: 9 }) },
};

/** What a study comes to that is asked for the command, or not, or whose coordinator is killed after `spared` writes of it. */
function outcomeOf(kind: StudyKind, command: Command, spared: number | 'not asked') {
  const killer = new Killer();
  const mortal = (store: StudyStore): Partial<StudyStore> => ({
    append: killer.during((...appended: Parameters<StudyStore['append']>) => {
      store.append(...appended);
    }),
    update: killer.during((...updated: Parameters<StudyStore['update']>) => {
      store.update(...updated);
    }),
    restart: killer.during((...restarted: Parameters<StudyStore['restart']>) => {
      store.restart(...restarted);
    }),
  });
  const world = new StudiesInFolder(4, mortal);
  const { runner } = world;
  runner.stop = killer.during(runner.stop.bind(runner));
  try {
    world.submit(kind, 16);
    world.turns(8);
    command.prepare?.(world);
    if (spared !== 'not asked') killer.spare(spared);
    try {
      if (spared !== 'not asked') command.ask(world);
    } catch (thrown) {
      if (!killer.isDead) throw thrown;
    }
    const { isDead } = killer;
    killer.spare(Number.POSITIVE_INFINITY);
    world.restart();
    const needless = world.now.state === StudyState.RUNNING ? [] : runner.open();
    world.turns();
    const { state, reason } = world.now;
    return { isDead, outcome: { state, reason, table: world.table, needless } };
  } finally {
    world.remove();
  }
}

test.each(Object.keys(commands).flatMap((name) => (['grid', 'asha'] as const).map((kind) => [name, kind] as const)))(
  '%s: wherever the coordinator of a study by %s is killed, all of it or nothing has happened',
  (name, kind) => {
    const command = commands[name];
    if (command === undefined) throw new Error(`there is no command ${name}`);
    const { outcome: notAsked } = outcomeOf(kind, command, 'not asked');
    const { outcome: asked } = outcomeOf(kind, command, Number.POSITIVE_INFINITY);
    expect(asked.needless).toEqual([]);
    for (let spared = 0, isDead = true; isDead; spared++) {
      const killed = outcomeOf(kind, command, spared);
      expect([notAsked, asked]).toContainEqual(killed.outcome);
      isDead = killed.isDead;
    }
  },
);
