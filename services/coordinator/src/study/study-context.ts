/** What a study's driver needs from the coordinator around it. */
import type { StudyStore } from '@weft/store';
import type { Logger } from '@weft/telemetry';
import type { StudyFeed } from './study-feed.ts';
import type { TrialRunner } from './trial-runner.ts';

export interface StudyContext {
  readonly store: StudyStore;
  readonly runner: TrialRunner;
  readonly feed: StudyFeed;
  readonly log: Logger;
}
