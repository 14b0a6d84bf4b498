export { RunOpener } from './open-run.ts';
export {
  responsibleExamples,
  type Blame,
  type PartFigures,
  type ResponsibleExample,
  type ResponsibleGroup,
} from './responsible-examples.ts';
export { TrainingRun } from './training-run.ts';
