/** What every sampler promises, as one suite: each of them runs it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignmentText } from '../../space/assignment-text.ts';
import type { SearchSpace } from '../../space/parameter.ts';
import { problemsOfAssignment } from '../../space/problems-of-assignment.ts';
import type { CellObservation, Proposal, Sampler } from '../sampler.ts';
import { countableSpaces, spaces } from './spaces.fixture.ts';

const losses = [0.5, 0.25, 0.25, 3, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 0];
const states = ['complete', 'complete', 'pruned', 'running', 'complete', 'diverged', 'complete', 'excused'] as const;

/** Proposes `cells` cells, one after the other; the end of each is taken from a fixed list of kind and awkward ones. */
function searched(sampler: Sampler, space: SearchSpace, seed: number, cells: number): CellObservation[] {
  const history: CellObservation[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const proposal = sampler.propose({ space, seed, cell, history });
    if (proposal.kind === 'exhausted') break;
    const state = states[cell % states.length] ?? 'complete';
    const loss = losses[cell % losses.length] ?? 0;
    const told = state === 'complete' || state === 'pruned' ? { state, loss } : { state };
    history.push({ cell, assignment: proposal.assignment, ...told });
  }
  return history;
}

function textOf(proposal: Proposal): string {
  return proposal.kind === 'cell' ? assignmentText(proposal.assignment) : proposal.kind;
}

/** Runs the suite; `serves` says which spaces the sampler can search. */
export function samplerContract(sampler: Sampler, serves: (space: SearchSpace) => boolean): void {
  describe(sampler.name, () => {
    test.each(Object.entries(spaces).filter(([, space]) => serves(space)))('%s: cells lie in the space', (_, space) => {
      const history = searched(sampler, space, 7, 60);
      expect(history.length).toBeGreaterThan(0);
      for (const { assignment } of history) {
        expect(problemsOfAssignment(space, assignment)).toEqual([]);
        const order = space.map(({ name }) => name).filter((name) => assignment.has(name));
        expect([...assignment.keys()]).toEqual(order);
      }
    });

    test('any countable space: cells lie in it, each is proposed once, and all are before the end', () => {
      fc.assert(
        fc.property(countableSpaces, fc.nat(1000), (space, seed) => {
          const history = searched(sampler, space, seed, 25);
          const texts = history.map(({ assignment }) => assignmentText(assignment));
          expect(history.flatMap(({ assignment }) => problemsOfAssignment(space, assignment))).toEqual([]);
          expect(new Set(texts).size).toBe(texts.length);
          if (history.length < 25) {
            const next = sampler.propose({ space, seed, cell: history.length, history });
            expect(next.kind).toBe('exhausted');
          }
        }),
        { numRuns: 60 },
      );
    });

    test.each(Object.entries(spaces).filter(([, space]) => serves(space)))(
      '%s: a proposal depends on the request alone, not on the order of its history',
      (_, space) => {
        const history = searched(sampler, space, 11, 40);
        for (const cell of [0, 1, 9, 25, history.length].filter((known) => known <= history.length)) {
          const before = history.slice(0, cell);
          const once = sampler.propose({ space, seed: 11, cell, history: before });
          sampler.propose({ space, seed: 12, cell: 3, history: history.slice(0, 3) });
          expect(sampler.propose({ space, seed: 11, cell, history: before })).toEqual(once);
          expect(sampler.propose({ space, seed: 11, cell, history: before.toReversed() })).toEqual(once);
        }
      },
    );

    test('every proposal says why', () => {
      for (const space of Object.values(spaces).filter(serves)) {
        expect(sampler.propose({ space, seed: 1, cell: 0, history: [] }).reason).not.toBe('');
      }
    });

    test('neither the request nor anything in it is changed', () => {
      for (const space of Object.values(spaces).filter(serves)) {
        const history = searched(sampler, space, 3, 30);
        const request = { space, seed: 3, cell: history.length, history: history.toReversed() };
        const copy = structuredClone(request);
        sampler.propose(request);
        expect(request).toEqual(copy);
      }
    });

    test('cells that run beside, and cells of which nothing ended well, are no obstacle', () => {
      for (const space of Object.values(spaces).filter(serves)) {
        const history = searched(sampler, space, 5, 30);
        const cells = history.length;
        for (const ending of [
          { state: 'running' },
          { state: 'diverged' },
          { state: 'excused' },
          { state: 'complete', loss: Number.NaN },
          { state: 'complete', loss: 1 },
        ] as const) {
          const alike = history.map(({ cell, assignment }) => ({ cell, assignment, ...ending }));
          const proposal = sampler.propose({ space, seed: 5, cell: cells, history: alike });
          if (proposal.kind === 'cell') expect(problemsOfAssignment(space, proposal.assignment)).toEqual([]);
        }
      }
    });

    if (sampler.name !== 'grid') {
      test('studies with different seeds propose different cells', () => {
        const space = spaces['conditional parameters'] ?? [];
        const cells = [1, 2, 3, 2 ** 40 + 1].map((seed) =>
          textOf(sampler.propose({ space, seed, cell: 4, history: [] })),
        );
        expect(new Set(cells).size).toBe(cells.length);
      });
    }

    test('a sampler that does not learn proposes the same cells whatever comes of them', () => {
      const space = Object.values(spaces).filter(serves).at(-1) ?? [];
      const history = searched(sampler, space, 2, 30);
      const request = { space, seed: 2, cell: history.length };
      const running = history.map(({ cell, assignment }) => ({ cell, assignment, state: 'running' }) as const);
      const [told, untold] = [history, running].map((cells) => textOf(sampler.propose({ ...request, history: cells })));
      if (sampler.learns) expect(told).not.toBe(untold);
      else expect(told).toBe(untold);
    });
  });
}
