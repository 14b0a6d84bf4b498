export { assembleCoordinator, type AssembledCoordinator, type CoordinatorParts } from './assembly.ts';
