export { readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
export type { ChainedLine, RunStore, StoredRun } from './run-store.ts';
export { openSqliteRunStore } from './sqlite-run-store.ts';
