export { describe, submit } from './harness/followed-run.ts';
export { configurationOf, type ConfigurationInit } from './harness/run-configuration.ts';
export type { Seat } from './harness/seat.ts';
export { StandingCluster } from './harness/standing-cluster.ts';
export { isOver, resultOf, transportSetting, type Transport } from './schedules/faulty-run.ts';
export { measureStudy, studyKinds, type StudyCost } from './studies/study-cost.ts';
export { measureWholeCoordinator, type WholeCost } from './studies/whole-coordinator.ts';
