export { RunOpener } from './open-run.ts';
export { TrainingRun } from './training-run.ts';
