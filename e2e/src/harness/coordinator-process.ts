/** A coordinator as a process that serves, and the client that talks to it. */
import { openClient, RunService, type ServiceClient } from '@weft/wire';
import type { ServiceProcess } from './service-process.ts';

/** A coordinator that serves. */
export interface RunningCoordinator {
  readonly process: ServiceProcess;
  /** Of its gRPC side. */
  readonly address: string;
  /** Of its HTTP side. */
  readonly httpAddress: string;
  readonly runs: ServiceClient<typeof RunService>;
}

/** Any free port of the loopback interface. */
export const anyPort = '127.0.0.1:0';

/** The arguments of a coordinator on free ports that announces where it serves. Options in `argv` win. */
export function coordinatorArguments(stateDirectory: string, argv: readonly string[]): string[] {
  const named = new Set(argv.filter((word) => word.startsWith('--')));
  const defaults = [
    ['--listen', anyPort],
    ['--http-listen', anyPort],
    ['--state-dir', stateDirectory],
    ['--announce', 'json'],
  ].filter(([option = '']) => !named.has(option));
  return [...defaults.flat(), ...argv];
}

/** Waits until a process with those arguments serves. The caller closes `runs`. */
export async function untilServing(started: ServiceProcess): Promise<RunningCoordinator> {
  const [line] = await started.untilOutput(/^\{"ready":.*\}$/m);
  const { address, http } = JSON.parse(line) as { readonly address: string; readonly http: string };
  return { process: started, address, httpAddress: http, runs: openClient(RunService, { address }) };
}
