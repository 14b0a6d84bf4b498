export { readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';
export type { RunStore, StoredRun } from './run-store.ts';
export { openSqliteRunStore } from './sqlite-run-store.ts';
