/** Runs simulations as `weft sim` asks for them: one JSON argument in, lines for people out, exit code 1 where one failed. */
import process from 'node:process';
import { mutations } from './mutations/catalogue.ts';
import { tryMutation } from './mutations/trial.ts';
import { describeFailure, explainFailure, simulate } from './simulate.ts';

/** What `weft sim` asks for. */
interface SimulationRequest {
  readonly from: number;
  readonly seeds: number;
  readonly trainers?: number;
  readonly faults?: readonly number[];
  readonly trace: boolean;
  /** Tries every mutation of the protocol instead. */
  readonly mutations?: boolean;
  /** Stops at the first failure, and explains nothing. */
  readonly untilFailure?: boolean;
}

/** Failures that are explained; the rest are only counted. */
const explained = 5;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
let seedInHand = 0;
process.on('unhandledRejection', (thrown) => {
  write(`seed ${String(seedInHand)}: a bug: ${String(thrown)}`);
  process.exit(1);
});
// The command line has checked it.
const request = JSON.parse(process.argv[2] ?? '{}') as SimulationRequest;
process.exit(request.mutations === true ? await tryMutations(request) : await runSeeds(request));

async function runSeeds({ from, seeds, trainers, faults, trace, untilFailure }: SimulationRequest): Promise<number> {
  const startedMs = performance.now();
  let failures = 0;
  let events = 0;
  let virtualMs = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    seedInHand = seed;
    const choice = { seed, trainers, kept: faults };
    const outcome = await simulate(choice, trace ? write : undefined);
    events += outcome.events;
    virtualMs += outcome.virtualMs;
    if (trace) write(`trace digest ${outcome.traceDigest}`);
    if (outcome.problem === undefined) continue;
    const isExplained = ++failures <= explained && faults === undefined && !trace && untilFailure !== true;
    if (isExplained) write(describeFailure(await explainFailure(choice, outcome.problem), choice));
    else if (failures <= explained) write(`seed ${String(seed)}: ${outcome.problem}`);
    if (untilFailure === true) return 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  write(
    `${String(seeds)} simulations, ${String(failures)} failed: ${String(events)} events and ` +
      `${(virtualMs / 3_600_000).toFixed(1)} hours of virtual time in ${seconds.toFixed(1)} s`,
  );
  return failures === 0 ? 0 : 1;
}

async function tryMutations({ seeds }: SimulationRequest): Promise<number> {
  let missed = 0;
  for (const mutation of mutations) {
    const { caught, crash } = await tryMutation(mutation, seeds);
    if (caught === undefined) missed++;
    write(`${mutation.name}: ${caught ?? crash ?? 'NOT CAUGHT'}`);
  }
  write(`${String(mutations.length)} mutations, ${String(missed)} not caught by ${String(seeds)} seeds`);
  return missed === 0 ? 0 : 1;
}
