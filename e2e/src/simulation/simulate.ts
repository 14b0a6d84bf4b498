/** One seed: its scenario is run, and where it fails, the smallest part of its faults that makes it fail is found. */
import { shrink } from '@weft/sim';
import { describeFault, type Fault } from './fault.ts';
import { drawScenario, type Scenario, type ScenarioChoice } from './scenario.ts';
import { SimulatedCluster, type Outcome } from './simulated-cluster.ts';

/** A scenario that does not keep the promise. */
export interface SimulationFailure {
  readonly seed: number;
  /** With all of its faults. */
  readonly problem: string;
  /** With those of `kept` only. */
  readonly shrunkProblem: string;
  /** Which of its faults are enough, by number. */
  readonly kept: readonly number[];
  readonly faults: readonly Fault[];
}

/** Which seed, with which of its faults where not with all. */
export interface SimulationChoice extends ScenarioChoice {
  readonly seed: number;
  /** Numbers of the faults that happen; all unless given. */
  readonly kept?: readonly number[] | undefined;
}

/** Runs the scenario of a seed. `write` is given the lines of its trace. */
export function simulate(choice: SimulationChoice, write?: (line: string) => void): Promise<Outcome> {
  const { scenario, kept } = scenarioOf(choice);
  const faults = scenario.faults.filter((_, number) => kept === undefined || kept.includes(number));
  return new SimulatedCluster({ ...scenario, faults }, write).run();
}

/** What is to be told of a seed whose simulation failed with `problem`. */
export async function explainFailure(choice: SimulationChoice, problem: string): Promise<SimulationFailure> {
  const { seed } = choice;
  const { scenario } = scenarioOf(choice);
  let shrunkProblem = problem;
  const kept = await shrink([...scenario.faults.keys()], async (numbers) => {
    const outcome = await simulate({ ...choice, kept: numbers });
    if (outcome.problem !== undefined) shrunkProblem = outcome.problem;
    return outcome.problem !== undefined;
  });
  return { seed, problem, shrunkProblem, kept, faults: scenario.faults.filter((_, number) => kept.includes(number)) };
}

/** For people: what failed, what is enough to make it fail, and how to see it happen. */
export function describeFailure(failure: SimulationFailure, choice: ScenarioChoice = {}): string {
  const { seed, problem, shrunkProblem, kept, faults } = failure;
  const trainers = choice.trainers === undefined ? '' : ` --trainers ${String(choice.trainers)}`;
  const lines = faults.map((fault, at) => `    ${String(kept[at])}: ${describeFault(fault)}`);
  return [
    `seed ${String(seed)}: ${problem}`,
    faults.length === 0 ? '  no fault is needed:' : `  ${String(faults.length)} of its faults are enough:`,
    ...lines,
    ...(shrunkProblem === problem ? [] : [`  then: ${shrunkProblem}`]),
    `  replay: ./weft sim --seed ${String(seed)}${trainers} --faults ${kept.length === 0 ? '-1' : kept.join(',')} --trace`,
  ].join('\n');
}

function scenarioOf({ seed, trainers, kept }: SimulationChoice): {
  readonly scenario: Scenario;
  readonly kept: readonly number[] | undefined;
} {
  return { scenario: drawScenario(seed, { trainers }), kept };
}
