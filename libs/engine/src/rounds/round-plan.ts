/**
 * Which sums over the step a program needs, and in which round each is taken: as early as what it is made of allows, so that
 * sums that do not wait for each other share one exchange.
 */
import { invariant } from '@weft/core';
import { is, sizeOf, type IrNode, type Program } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';
import type { SegmentInputs } from './segments.ts';
import { stepExamples, type StepSum } from './step-means.ts';

/** A sum over the step with its place in the vector of its round. */
export interface RoundSum extends StepSum {
  readonly offset: number;
  readonly length: number;
}

/** One exchange. */
export interface Round {
  /** Elements of the vector. The first round's last one is the number of examples. */
  readonly length: number;
  readonly sums: readonly RoundSum[];
}

/** A program's sums over the step, by round, and the program without those that nothing reads. */
export interface RoundPlan {
  readonly rounds: readonly Round[];
  readonly program: Program;
}

/** Plans the rounds of `program`, whose outputs include the local ends of `sums`. Depends on the program's structure alone. */
export function planRounds(program: Program, sums: readonly StepSum[]): RoundPlan {
  if (sums.length === 0) return { rounds: [], program };
  const read = withoutUnread(program, sums);
  const kept = sums.filter(({ local }) => read.outputs.some(({ name }) => name === local));
  const roundOf = roundsOf(read, kept);
  const count = Math.max(-1, ...roundOf.values()) + 1;
  const rounds = Array.from({ length: count }, (_, round): Round => {
    let offset = 0;
    const placed = kept
      .filter(({ local }) => roundOf.get(local) === round)
      .map((sum): RoundSum => {
        const length = sizeOf(sum.shape);
        offset += length;
        return { ...sum, offset: offset - length, length };
      });
    return { length: round === 0 ? offset + 1 : offset, sums: placed };
  });
  return { rounds, program: read };
}

/** From which segment on each input is known: that behind the round that gives it; the first for all others. */
export function segmentInputs({ program, rounds }: RoundPlan): SegmentInputs {
  const behind = new Map<string, number>([[stepExamples, 1]]);
  rounds.forEach(({ sums }, round) => {
    for (const { total } of sums) behind.set(total, round + 1);
  });
  const rows = new Set<string>();
  for (const node of nodesOf(program)) {
    if (is(node, 'input') && node.operation.role === 'rows') rows.add(node.operation.name);
  }
  return { segmentOf: (name) => behind.get(name) ?? 0, isRows: (name) => rows.has(name) };
}

/** The program without the sums that no other output needs, directly or by way of other sums. */
function withoutUnread(program: Program, sums: readonly StepSum[]): Program {
  const localOf = new Map(sums.map(({ local, total }) => [total, local]));
  const locals = new Set(localOf.values());
  let needed = new Set(program.outputs.map(({ name }) => name).filter((name) => !locals.has(name)));
  for (;;) {
    const outputs = program.outputs.filter(({ name }) => needed.has(name));
    const inputs = nodesOf({ outputs }).flatMap((node) => (is(node, 'input') ? [node.operation.name] : []));
    const grown = new Set([...needed, ...inputs.flatMap((name) => localOf.get(name) ?? [])]);
    if (grown.size === needed.size) return { outputs };
    needed = grown;
  }
}

/** For each sum's local end the number of rounds that come before it. */
function roundsOf(program: Program, sums: readonly StepSum[]): Map<string, number> {
  const nodes = nodesOf(program);
  const localOf = new Map(sums.map(({ local, total }) => [total, local]));
  const ends = program.outputs.filter(({ name }) => sums.some(({ local }) => local === name));
  const rounds = new Map<string, number>();
  // A sum moves back by as many rounds as come before it, so this ends after as many turns as there are rounds.
  for (let turn = 0; turn <= sums.length; turn++) {
    const before = new Map<IrNode, number>();
    for (const node of nodes) {
      const local = is(node, 'input') ? localOf.get(node.operation.name) : undefined;
      const own = local === undefined ? 0 : (rounds.get(local) ?? 0) + 1;
      before.set(node, Math.max(own, ...node.inputs.map((input) => before.get(input) ?? 0)));
    }
    const moved = ends.filter(({ name, node }) => rounds.get(name) !== before.get(node));
    if (moved.length === 0) return rounds;
    for (const { name, node } of moved) rounds.set(name, before.get(node) ?? 0);
  }
  invariant(false, 'a sum over the step waits for itself');
}
