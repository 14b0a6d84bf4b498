/** Runs simulations as `weft sim` asks for them: one JSON argument in, lines for people out, exit code 1 where one failed. */
import process from 'node:process';
import { describeFailure, explainFailure, simulate } from './simulate.ts';

/** What `weft sim` asks for. */
interface SimulationRequest {
  readonly from: number;
  readonly seeds: number;
  readonly trainers?: number;
  readonly faults?: readonly number[];
  readonly trace: boolean;
}

/** Failures that are explained; the rest are only counted. */
const explained = 5;

// The command line has checked it.
const request = JSON.parse(process.argv[2] ?? '{}') as SimulationRequest;
process.on('unhandledRejection', (thrown) => {
  throw thrown;
});
process.exit(await run(request));

async function run({ from, seeds, trainers, faults, trace }: SimulationRequest): Promise<number> {
  const startedMs = performance.now();
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  let failures = 0;
  let events = 0;
  let virtualMs = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const choice = { seed, trainers, kept: faults };
    const outcome = await simulate(choice, trace ? write : undefined);
    events += outcome.events;
    virtualMs += outcome.virtualMs;
    if (trace) write(`trace digest ${outcome.traceDigest}`);
    if (outcome.problem === undefined) continue;
    failures++;
    if (failures <= explained) {
      const isWhole = faults === undefined && !trace;
      if (isWhole) write(describeFailure(await explainFailure(choice, outcome.problem), choice));
      else write(`seed ${String(seed)}: ${outcome.problem}`);
    }
  }
  const seconds = (performance.now() - startedMs) / 1000;
  write(
    `${String(seeds)} simulations, ${String(failures)} failed: ${String(events)} events and ` +
      `${(virtualMs / 3_600_000).toFixed(1)} hours of virtual time in ${seconds.toFixed(1)} s`,
  );
  return failures === 0 ? 0 : 1;
}
