import { describe, expect, test } from 'vitest';
import { makeNode, type IrNode, type Program } from '../ir/node.ts';
import { planRounds, segmentInputs } from './round-plan.ts';
import type { StepSum } from './step-means.ts';

const width = 3;
const rows = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [4, width]);
const total = (name: string): IrNode => makeNode({ op: 'input', name, role: 'parameter' }, [], [width]);
const sub = (a: IrNode, b: IrNode): IrNode => makeNode({ op: 'binary', fn: 'sub' }, [a, b], a.shape);
const sumOver = (x: IrNode): IrNode =>
  makeNode({ op: 'reduce', fn: 'sum', axes: [0], keepDimensions: false }, [x], [width]);
const stepSum = (ordinal: number): StepSum => ({
  local: `s${String(ordinal)}`,
  total: `a${String(ordinal)}`,
  shape: [width],
});

/** Two sums that wait for nothing, one that waits for the first, and one that nothing reads. */
function example(): { readonly program: Program; readonly sums: readonly StepSum[] } {
  const first = sumOver(rows);
  const second = sumOver(sub(rows, total('p0')));
  const third = sumOver(sub(rows, total('a0')));
  const unread = sumOver(sub(rows, total('a2')));
  const result = sub(total('a1'), total('a2'));
  return {
    program: {
      outputs: [
        { name: 'g0', node: result },
        { name: 's0', node: first },
        { name: 's1', node: second },
        { name: 's2', node: third },
        { name: 's3', node: unread },
      ],
    },
    sums: [0, 1, 2, 3].map(stepSum),
  };
}

describe('planRounds', () => {
  test('a program without sums has no rounds and stays as it is', () => {
    const { program } = example();
    expect(planRounds(program, [])).toEqual({ rounds: [], program });
  });

  test('sums that wait for nothing share the first round, with the number of examples behind them', () => {
    const { program, sums } = example();
    const [first, second] = planRounds(program, sums).rounds;
    expect(first).toEqual({
      length: 2 * width + 1,
      sums: [
        { ...stepSum(0), offset: 0, length: width },
        { ...stepSum(1), offset: width, length: width },
      ],
    });
    expect(second).toEqual({ length: width, sums: [{ ...stepSum(2), offset: 0, length: width }] });
  });

  test('a sum that nothing reads is left out of the rounds and of the program', () => {
    const { program, sums } = example();
    const plan = planRounds(program, sums);
    expect(plan.rounds.length).toBe(2);
    expect(plan.program.outputs.map(({ name }) => name)).toEqual(['g0', 's0', 's1', 's2']);
  });

  test('sums that are read only by sums that nothing reads are left out too', () => {
    const { program, sums } = example();
    const outputs = program.outputs.map((output) => (output.name === 'g0' ? { name: 'g0', node: rows } : output));
    expect(planRounds({ outputs }, sums)).toEqual({ rounds: [], program: { outputs: [outputs[0]] } });
  });

  test('a sum is known behind its round, and all other inputs from the start', () => {
    const { program, sums } = example();
    const inputs = segmentInputs(planRounds(program, sums));
    const names = ['x', 'p0', 'n', 'a0', 'a1', 'a2'];
    expect(names.map((name) => inputs.segmentOf(name))).toEqual([0, 0, 1, 1, 1, 2]);
    expect(names.filter((name) => inputs.isRows(name))).toEqual(['x']);
  });

  test('a sum that waits for itself is a bug', () => {
    const outputs = [
      { name: 'g0', node: total('a0') },
      { name: 's0', node: sumOver(sub(rows, total('a0'))) },
    ];
    expect(() => planRounds({ outputs }, [stepSum(0)])).toThrow(/waits for itself/);
  });
});
