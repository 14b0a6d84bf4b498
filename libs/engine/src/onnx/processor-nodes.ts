import { nodeName } from './encode.ts';
import type { Graph } from './graph.ts';

/**
 * Names of the nodes that stay on the processor where a device runs the graph: pools that tell the places of their maxima,
 * which WebGPU has no kernel for, and additions at given places, where a device adds in an order of its own.
 */
export function processorNodes(graph: Graph): string[] {
  return graph.nodes.flatMap((node, index) => {
    const tellsPlaces = node.operator === 'MaxPool' && node.outputs.length > 1;
    return tellsPlaces || node.operator === 'ScatterElements' ? [nodeName(node, index)] : [];
  });
}
