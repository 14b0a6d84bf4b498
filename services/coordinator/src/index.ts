export { assembleCoordinator, type AssembledCoordinator, type CoordinatorParts } from './assembly.ts';
export { Studies } from './study/studies.ts';
export { StudyFeed } from './study/study-feed.ts';
export type { KnownRun, TrialListener, TrialRun, TrialRunner } from './study/trial-runner.ts';
export { QueueTrialRunner } from './study/queue-trial-runner.ts';
