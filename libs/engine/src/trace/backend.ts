/**
 * A TF.js back end that computes nothing: each kernel that TF.js runs on it makes a node of the intermediate
 * representation. It keeps its own map from TF.js's data ids to nodes, so it never touches data of another back end, and
 * counts references as TF.js's own back ends do, so that TF.js's accounting stays right.
 */
import type * as tf from '@tensorflow/tfjs';
import { invariant } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import { makeNode, splat, type Dtype, type IrNode, type Shape } from '../ir/node.ts';

export const traceBackendName = 'weft-trace';

export type TfDtype = keyof tf.DataTypeMap;

interface Entry {
  readonly node: IrNode;
  references: number;
}

/** What the back end keeps: the node behind each data id, and the layer that is being called. */
export class TraceStore {
  /** Path of the layer that is being called; new nodes are labelled with it. */
  layer = '';
  readonly #entries = new Map<object, Entry>();

  /** A tensor's data for TF.js that stands for `node`. The caller owns the reference. */
  put(node: IrNode): tf.TensorInfo {
    const dataId = {};
    this.#entries.set(dataId, { node, references: 1 });
    return { dataId, shape: [...node.shape], dtype: tfDtype(node.dtype) };
  }

  /** A TF.js tensor that stands for `node`. */
  tensor(node: IrNode): tf.Tensor {
    return tensorflow().engine().makeTensorFromTensorInfo(this.put(node));
  }

  /** The node behind a tensor that was made on this back end. */
  nodeOf(tensor: { readonly dataId: object }): IrNode {
    const entry = this.#entries.get(tensor.dataId);
    invariant(entry !== undefined, 'a tensor of another back end reached the tracer');
    return entry.node;
  }

  /** Lets the tensor behind `dataId` stand for `node` from now on. */
  rebind(dataId: object, node: IrNode): void {
    const entry = this.#entries.get(dataId);
    this.#entries.set(dataId, { node, references: entry?.references ?? 1 });
  }

  get size(): number {
    return this.#entries.size;
  }

  retain(dataId: object): void {
    const entry = this.#entries.get(dataId);
    if (entry !== undefined) entry.references++;
  }

  release(dataId: object, force: boolean): boolean {
    const entry = this.#entries.get(dataId);
    if (entry === undefined) return true;
    entry.references--;
    if (entry.references > 0 && !force) return false;
    this.#entries.delete(dataId);
    return true;
  }

  references(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }
}

/** The one store of this process: TF.js has one registry of back ends, and tracing is synchronous. */
export const traceStore: TraceStore = new TraceStore();

/** The back end object that TF.js asks for; made once, at registration. */
export function makeTraceBackend(): tf.KernelBackend {
  const { KernelBackend } = tensorflow();
  class TraceBackend extends KernelBackend {
    override write(values: tf.BackendValues | null, shape: number[], dtype: TfDtype): object {
      return traceStore.put(constantNode(values, shape, dtype)).dataId;
    }
    override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: TfDtype): void {
      traceStore.rebind(dataId, constantNode(values, shape, dtype));
    }
    override readSync(dataId: object): tf.BackendValues {
      const { operation, shape } = traceStore.nodeOf({ dataId });
      if (operation.op === 'constant') return Float32Array.from(operation.values);
      if (operation.op === 'splat') return new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(operation.value);
      throw new Error(`the model reads the value of a tensor (the result of ${operation.op}) to decide how to go on`);
    }
    override read(dataId: object): Promise<tf.BackendValues> {
      return Promise.resolve(this.readSync(dataId));
    }
    override incRef(dataId: object): void {
      traceStore.retain(dataId);
    }
    override disposeData(dataId: object, force = false): boolean {
      return traceStore.release(dataId, force);
    }
    override refCount(dataId: object): number {
      return traceStore.references(dataId);
    }
    override numDataIds(): number {
      return traceStore.size;
    }
    override memory(): { unreliable: boolean } {
      return { unreliable: true };
    }
    override floatPrecision(): 32 {
      return 32;
    }
    override epsilon(): number {
      return 1e-7;
    }
    override timerAvailable(): boolean {
      return false;
    }
    override dispose(): void {
      // Nothing is held outside the store.
    }
  }
  return new TraceBackend();
}

function constantNode(values: tf.BackendValues | null, shape: Shape, dtype: TfDtype): IrNode {
  const irType = irDtype(dtype);
  const numbers = values === null ? [0] : (values as ArrayLike<number>);
  const first = numbers[0] ?? 0;
  for (let i = 1; i < numbers.length; i++) {
    if (!Object.is(numbers[i], first)) {
      return makeNode({ op: 'constant', values: Array.from(numbers) }, [], shape, irType);
    }
  }
  return splat(first, shape, irType);
}

/** The dtype of a node for a TF.js tensor. */
export function irDtype(dtype: TfDtype): Dtype {
  invariant(dtype === 'float32' || dtype === 'int32' || dtype === 'bool', `no tensors of ${dtype} can be traced`);
  return dtype;
}

/** Bytes are integers to TF.js. */
function tfDtype(dtype: Dtype): TfDtype {
  return dtype === 'uint8' ? 'int32' : dtype;
}
