import { spawn } from 'node:child_process';
import { flagOption, integerOption, listOption } from '@weft/options';
import { command } from '../command.ts';
import { simulationEntry } from '../service-entries.ts';

/** `weft sim`: simulations are a program of their own, since they are made of all services together. */
export const simCommand = command(
  {
    name: 'weft sim',
    summary: 'Runs simulated clusters whose processes, network and disk fail, one a seed.',
    options: {
      seeds: integerOption({ summary: 'how many seeds', default: 1000, min: 1 }),
      from: integerOption({ summary: 'the first seed', default: 1, min: 0 }),
      seed: integerOption({ summary: 'this seed only', min: 0 }),
      trainers: integerOption({ summary: 'how many trainers; drawn from the seed unless given', min: 1, max: 64 }),
      faults: listOption({
        summary: 'only these faults of the seed, by number; -1 for none',
        item: integerOption({ summary: 'fault', min: -1 }),
      }),
      trace: flagOption({ summary: 'show everything that happens' }),
      mutations: flagOption({ summary: 'try each known mistake in the protocol: every one must be found' }),
    },
    notes: ['Exit code 0: every simulation kept the promise. 1: one did not; the seed and how to replay it are shown.'],
  },
  async ({ seeds, from, seed, trainers, faults, trace, mutations }, { context, given }) => {
    const request = {
      ...(seed === undefined ? { from, seeds } : { from: seed, seeds: 1 }),
      trainers,
      faults: given.has('faults') ? faults : undefined,
      trace,
      mutations,
    };
    const program = ['--disable-warning=ExperimentalWarning', simulationEntry, JSON.stringify(request)];
    const child = spawn(process.execPath, program, { stdio: 'inherit', env: { ...context.environment } });
    // It stands in our process group and gets the terminal's Ctrl-C itself; we wait for its answer.
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  },
);
