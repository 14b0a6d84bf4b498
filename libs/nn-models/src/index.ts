export { layOut, type ParameterEntry, type ParameterLayout } from './parameter-layout.ts';
