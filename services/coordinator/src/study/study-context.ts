/** What a study's driver needs from the coordinator around it. */
import type { WeftError } from '@weft/core';
import type { StudyStore } from '@weft/store';
import type { Logger } from '@weft/telemetry';
import type { StudyFeed } from './study-feed.ts';
import type { TrialRunner } from './trial-runner.ts';

export interface StudyContext {
  readonly store: StudyStore;
  readonly runner: TrialRunner;
  readonly feed: StudyFeed;
  readonly log: Logger;
  /** Ends the coordinator: what a study has decided cannot be kept. Another one goes on from the store. */
  readonly fail: (error: WeftError) => void;
}
