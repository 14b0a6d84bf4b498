/**
 * Registers the tracing back end with TF.js, once a process, and switches to it for the time of one synchronous call.
 * Every kernel that another back end has and the tracer has not is registered too: it says which layer cannot be compiled.
 */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import type { IrNode } from '../ir/node.ts';
import { makeTraceBackend, traceBackendName, traceStore } from './backend.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { convolutionGradients, extremeGradients, withGradients } from './gradients.ts';
import type { KernelTable, TraceKernel } from './kernel.ts';
import { lossKernels } from './loss-kernels.ts';
import { productKernels } from './product-kernels.ts';
import { shapeKernels } from './shape-kernels.ts';

const kernels: KernelTable = { ...elementwiseKernels, ...shapeKernels, ...productKernels, ...lossKernels };

let registered = false;

function register(): void {
  if (registered) return;
  registered = true;
  const { registerBackend, registerKernel, getKernelsForBackend } = tensorflow();
  // A negative priority: TF.js must never choose this back end by itself.
  registerBackend(traceBackendName, makeTraceBackend, -1);
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: traceBackendName, kernelFunc: kernelFunction(kernel) });
  }
  for (const { kernelName } of getKernelsForBackend('cpu')) {
    if (Object.hasOwn(kernels, kernelName)) continue;
    registerKernel({ kernelName, backendName: traceBackendName, kernelFunc: refuse(kernelName) });
  }
}

/**
 * Runs `work` on the tracing back end and goes back to the one that was in use. `work` must be synchronous: nothing else in
 * the process may run a kernel meanwhile.
 */
export function withTraceBackend<T>(work: () => T): T {
  const tf = tensorflow();
  register();
  tf.backend(); // Makes TF.js choose its own back end, if it has not, so that there is one to go back to.
  const previous = tf.getBackend();
  // Neither back end initializes asynchronously, so the switch is done when the call returns.
  void tf.setBackend(traceBackendName);
  try {
    return withGradients([...convolutionGradients, ...extremeGradients], work);
  } finally {
    void tf.setBackend(previous);
    traceStore.layer = '';
  }
}

function kernelFunction(kernel: TraceKernel): tf.KernelFunc {
  return ({ inputs, attrs }) => {
    const named: Record<string, IrNode | undefined> = {};
    const list: IrNode[] = [];
    for (const [name, tensor] of Object.entries(inputs)) {
      // Optional inputs are given as null or left out, whatever the type says.
      const present = tensor as tf.TensorInfo | null | undefined;
      if (present === null || present === undefined) continue;
      const node = traceStore.nodeOf(present);
      named[name] = node;
      list.push(node);
    }
    const result = kernel({ inputs: list, named, attributes: attrs ?? {} });
    return isList(result) ? result.map((node) => traceStore.put(node)) : traceStore.put(result);
  };
}

function isList(result: IrNode | readonly IrNode[]): result is readonly IrNode[] {
  return Array.isArray(result);
}

function refuse(kernelName: string): tf.KernelFunc {
  return ({ inputs }) => {
    const made = Object.values(inputs).map((tensor) => traceStore.nodeOf(tensor as tf.TensorInfo).layer);
    const layer = traceStore.layer === '' ? (made.find((path) => path !== '') ?? '') : traceStore.layer;
    const where = traceStore.layer === '' ? `the gradient of layer "${layer}"` : `layer "${layer}"`;
    throw unsupportedLayer(where, `needs the TF.js kernel ${kernelName}`);
  };
}

/** The error for what TF.js can run and the compiler cannot. `where` names the layer, `what` says why. */
export function unsupportedLayer(where: string, what: string): WeftError {
  return new WeftError(
    'incompatible',
    `${where} ${what}, which the compiled engines do not support; run the model with --engine tfjs-cpu instead`,
  );
}
