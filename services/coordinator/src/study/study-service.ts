/** The service of studies: translates calls into what `Studies` does, and its feed into streams. */
import { WeftError } from '@weft/core';
import {
  bindService,
  StudyService,
  StudyState,
  type BoundService,
  type BugReporter,
  type MessageInitShape,
  type ReadTrialsResponseSchema,
  type WatchStudyResponseSchema,
} from '@weft/wire';
import type { Studies } from './studies.ts';
import type { StudyFeed } from './study-feed.ts';

/** A watcher hears of the study at least this often. */
const patienceMs = 1000;
/** Trials of one message: with long histories they stay below the limit of a message. */
const trialsAtOnce = 20;

/** What the service works with. */
export interface StudyServiceParts {
  readonly studies: Studies;
  readonly feed: StudyFeed;
  readonly wallSeconds: () => number;
  readonly reportBug: BugReporter;
}

export function createStudyService({ studies, feed, wallSeconds, reportBug }: StudyServiceParts): BoundService {
  return bindService(
    StudyService,
    {
      submitStudy: ({ studyId, definition, execution }) =>
        answer(() => ({ study: studies.submit(studyId, definition, execution) })),
      getStudy: ({ studyId }) => answer(() => ({ study: studies.find(studyId).view.study(true) })),
      listStudies: async () => ({ studies: await studies.all() }),
      watchStudy: ({ studyId }, { signal }) => watch(studies, feed, wallSeconds, studyId, signal),
      readTrials: ({ studyId }) => read(studies, studyId),
      pauseStudy: ({ studyId }) => answer(() => ({ study: studies.pause(studyId) })),
      resumeStudy: ({ studyId }) => answer(() => ({ study: studies.resume(studyId) })),
      cancelStudy: ({ studyId, reason }) => answer(() => ({ study: studies.cancel(studyId, reason) })),
      retryTrials: ({ studyId, trials }) => answer(() => ({ study: studies.retry(studyId, trials) })),
      extendStudy: ({ studyId, moreCells, moreTrialSeeds, epochs }) =>
        answer(() => ({ study: studies.extend(studyId, { moreCells, moreTrialSeeds, epochs }) })),
    },
    reportBug,
  );
}

function answer<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(make());
  });
}

async function* watch(
  studies: Studies,
  feed: StudyFeed,
  wallSeconds: () => number,
  studyId: string,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof WatchStudyResponseSchema>> {
  studies.find(studyId);
  for await (const news of feed.watch(studyId, patienceMs, signal)) {
    // Asked for anew each time: an extended study has another driver.
    const { view } = studies.find(studyId);
    for (const text of news.notices) yield { event: { case: 'notice', value: { atSeconds: wallSeconds(), text } } };
    for (const trial of news.trials) {
      if (trial < view.trialCount) yield { event: { case: 'trial', value: view.trial(trial) } };
    }
    const study = view.study(false);
    yield { event: { case: 'study', value: study } };
    if (study.state !== StudyState.RUNNING && study.state !== StudyState.PAUSED) return;
  }
  if (signal.aborted) throw new WeftError('cancelled', 'the watch was ended');
}

async function* read(
  studies: Studies,
  studyId: string,
): AsyncGenerator<MessageInitShape<typeof ReadTrialsResponseSchema>> {
  const { view } = studies.find(studyId);
  for (let first = 0; first < view.trialCount; first += trialsAtOnce) {
    const count = Math.min(trialsAtOnce, view.trialCount - first);
    yield { trials: Array.from({ length: count }, (_, i) => view.trial(first + i)) };
    // Others get their turn between two messages.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
