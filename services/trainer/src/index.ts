export type { OpenedRun, RunSource } from './compute/opened-run.ts';
export { Heartbeats } from './heartbeats.ts';
export { serveWork, type WorkParts } from './work/serve-work.ts';
