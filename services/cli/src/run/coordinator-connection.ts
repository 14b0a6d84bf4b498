/** A connection to an existing coordinator, for the length of one command. */
import { WeftError } from '@weft/core';
import { openClient, RunService } from '@weft/wire';
import type { RunClient } from './follow-run.ts';

/** Gives `work` a client for the coordinator at `address`, and closes it after. An absent coordinator is named as such. */
export async function withCoordinator<T>(address: string, work: (client: RunClient) => Promise<T>): Promise<T> {
  const client = openClient(RunService, { address });
  try {
    return await work(client);
  } catch (cause) {
    if (!(cause instanceof WeftError) || cause.code !== 'unavailable') throw cause;
    const remedy = `is one running there? \`weft coordinator --listen ${address}\` starts one`;
    throw new WeftError('unavailable', `the coordinator at ${address} cannot be reached: ${cause.message}; ${remedy}`);
  } finally {
    client.close();
  }
}
