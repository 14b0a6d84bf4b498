export { addressFileName, storeFileName } from './state-directory.ts';
export { readCheckpoint, writeCheckpoint } from './checkpoints.ts';
export {
  everyTrainer,
  type RunArchive,
  type RunStore,
  type StoredCheckpoint,
  type StoredRun,
  type WayBack,
} from './run-store.ts';
export { openSqliteRunArchive } from './sqlite-run-archive.ts';
export { openSqliteRunStore } from './sqlite-run-store.ts';
