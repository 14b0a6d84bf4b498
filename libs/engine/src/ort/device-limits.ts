import { WeftError } from '@weft/core';
import { is, type Program } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';
import type { ExecutionProvider } from './session-options.ts';

/**
 * Throws a `WeftError` ('incompatible') where `provider` cannot run `program` with the same bits each time: in the gradient
 * of a maximum pool whose windows overlap, CUDA adds to one place from several threads in any order, and the runtime's Node
 * binding cannot keep single nodes of a CUDA session on the processor.
 */
export function checkDeviceLimits(provider: ExecutionProvider, program: Program): void {
  if (provider !== 'cuda') return;
  for (const node of nodesOf(program)) {
    if (!is(node, 'maxPoolGradient')) continue;
    const { window, strides } = node.operation.geometry;
    if (window[0] <= strides[0] && window[1] <= strides[1]) continue;
    throw new WeftError(
      'incompatible',
      `ort-cuda gives other bits each time for max pooling with windows of ${window.join(' x ')} that overlap ` +
        `(strides ${strides.join(' x ')}); make the strides as large as the windows, or use --engine ort-cpu`,
    );
  }
}
