/** A study as a test sees it: submitted, followed to its end over restarts of its coordinator, and read. */
import { WeftError } from '@weft/core';
import { resultTable } from '@weft/studies';
import { openClient, StudyService, StudyState, type ServiceClient, type Study, type Trial } from '@weft/wire';
import type { RunningCoordinator } from '../harness/coordinator-process.ts';
import type { DefinitionInit, ExecutionInit } from './small-study.ts';

/** A study that has ended. */
export interface EndedStudy {
  readonly study: Study;
  readonly trials: readonly Trial[];
  /** The table of its results, to be compared byte for byte. */
  readonly table: string;
}

const pollIntervalMs = 50;

type Coordinator = Pick<RunningCoordinator, 'address'>;

/** Does something with a client of the study service, which is closed after it. */
async function withStudies<T>(
  { address }: Coordinator,
  action: (studies: ServiceClient<typeof StudyService>) => Promise<T>,
): Promise<T> {
  const studies = openClient(StudyService, { address });
  try {
    return await action(studies);
  } finally {
    studies.close();
  }
}

/** Submits a study. */
export async function submitStudy(
  coordinator: Coordinator,
  studyId: string,
  definition: DefinitionInit,
  execution: ExecutionInit,
): Promise<void> {
  await withStudies(coordinator, (studies) =>
    studies.submitStudy({ studyId, definition, execution: { maxAttempts: 50, minTrainers: 1, ...execution } }),
  );
}

/** The study as of now; `undefined` while its coordinator is away. */
export async function studyNow(coordinator: Coordinator, studyId: string): Promise<Study | undefined> {
  try {
    const { study } = await withStudies(coordinator, (studies) => studies.getStudy({ studyId }));
    return study;
  } catch (thrown) {
    if (thrown instanceof WeftError && (thrown.code === 'unavailable' || thrown.code === 'cancelled')) return undefined;
    throw thrown;
  }
}

/** Follows a study to its end. `coordinator` is asked for anew each time: it may have been started again. Throws after `limitMs`. */
export async function untilStudyEnded(
  coordinator: () => Coordinator,
  studyId: string,
  limitMs: number,
): Promise<EndedStudy> {
  const end = performance.now() + limitMs;
  for (;;) {
    const study = await studyNow(coordinator(), studyId);
    if (study !== undefined && isOver(study)) return readStudy(coordinator(), study);
    if (performance.now() > end) throw new Error(`study ${studyId} has not ended: ${String(study?.reason)}`);
    await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
  }
}

async function readStudy(coordinator: Coordinator, study: Study): Promise<EndedStudy> {
  const trials: Trial[] = [];
  await withStudies(coordinator, async (studies) => {
    for await (const message of studies.readTrials({ studyId: study.studyId })) trials.push(...message.trials);
  });
  const { definition } = study;
  if (definition === undefined) throw new Error(`study ${study.studyId} came without its definition`);
  return { study, trials, table: resultTable(definition, trials) };
}

function isOver({ state }: Study): boolean {
  return state !== StudyState.RUNNING && state !== StudyState.PAUSED;
}
