export { architectureNames, type Architecture, type ArchitectureName } from './architectures/architecture.ts';
export { architecture, isArchitectureName } from './architectures/registry.ts';
export { initialParameters } from './initial-parameters.ts';
export { leafLayers, type LeafLayer } from './leaf-layers.ts';
export { layoutOf, variablesOf, type ModelVariable } from './model-layout.ts';
export { summaryOf, type LayerSummary, type ModelSummary } from './model-summary.ts';
export { layOut, type ParameterEntry, type ParameterLayout } from './parameter-layout.ts';
export { tensorflow } from './tensorflow.ts';
export { loadTopology, topologyOf } from './topology.ts';
