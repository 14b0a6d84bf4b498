/** Where a study is, and a way to ask its coordinator: one that is given, one that is up, or one that is started to answer. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '@weft/core';
import { addressFileName } from '@weft/store';
import type { CommandContext } from '../context.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { openStudyClient, type StudyClient } from './study-client.ts';
import { withStudyCluster, type StudyCluster } from './study-cluster.ts';
import { findStudy, type StudyFolder } from './study-folder.ts';

export interface StudyPlace {
  readonly coordinator: string | undefined;
  readonly stateDir: string | undefined;
  /** Entry points of the services; tests give others. */
  readonly entries?: StudyCluster['entries'];
}

/** What a command gets to work with. */
export interface StudyAccess {
  readonly client: StudyClient;
  readonly signal: AbortSignal;
  /** Of a local study. */
  readonly folder: StudyFolder | undefined;
  /** Whether somebody computes for it: a local study that no process works on is interrupted. */
  readonly attended: boolean;
}

/** Gives `work` the coordinator of the study, and lets go of it after. Throws 'not-found', or 'unavailable'. */
export async function withStudy<T>(
  place: StudyPlace,
  studyId: string,
  context: CommandContext,
  work: (access: StudyAccess) => Promise<T>,
): Promise<T> {
  const { coordinator } = place;
  if (coordinator !== undefined) {
    return withStudyClient(coordinator, (client) =>
      work({ client, signal: context.stop, folder: undefined, attended: true }),
    );
  }
  const { folder } = await findStudy(stateDirectory(place.stateDir, context), studyId);
  const own = { entered: false };
  const alone = { folder, local: { trainers: 0 }, entries: place.entries };
  try {
    return await withStudyCluster(
      alone,
      () => undefined,
      context,
      ({ client, signal }) => {
        own.entered = true;
        return work({ client, signal, folder, attended: false });
      },
    );
  } catch (thrown) {
    // The folder is another process's, whose coordinator can be asked instead.
    const taken = !own.entered && thrown instanceof WeftError && thrown.code === 'precondition-failed';
    if (!taken) throw thrown;
    const address = await readFile(join(folder.coordinator, addressFileName), 'utf8').catch(() => '');
    if (address === '') throw thrown;
    return withStudyClient(address, (client) => work({ client, signal: context.stop, folder, attended: true }));
  }
}

/** Gives `work` a client for the coordinator at `address`, and closes it after. An absent coordinator is named as such. */
export async function withStudyClient<T>(address: string, work: (client: StudyClient) => Promise<T>): Promise<T> {
  const client = openStudyClient(address);
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
