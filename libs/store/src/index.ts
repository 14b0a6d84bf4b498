export { addressFileName, storeFileName, studyStoreFileName } from './state-directory.ts';
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
export { openSqliteStudyStore } from './sqlite-study-store.ts';
export type { StoredCosts, StoredStudy, StoredTrial, StudyChange, StudyRecord, StudyStore } from './study-store.ts';
