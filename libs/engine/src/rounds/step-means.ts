/**
 * Means over all examples of a step, while a model is traced.
 *
 * A sum over the step is two ends of a string: what the rows at hand add to it is an output of the program, the sum an
 * input. So every pass and the cut into chunks see nothing new, and nothing but the plan of rounds knows that the ends belong
 * together.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { makeNode, type ProgramOutput, type Shape } from '../ir/node.ts';
import { traceStore } from '../trace/backend.ts';
import type { Mean } from '../trace/batch-normalization.ts';

/** A sum over all examples of a step, as a program has it. */
export interface StepSum {
  /** Output: the sum over the rows at hand. */
  readonly local: string;
  /** Input: the sum over the step. */
  readonly total: string;
  readonly shape: Shape;
}

/** Input: how many examples the step has; a scalar. */
export const stepExamples = 'n';

/** Collects the sums of one trace. */
export class StepMeans {
  readonly sums: StepSum[] = [];
  readonly outputs: ProgramOutput[] = [];

  /**
   * The sum over the step, times one over how many elements it has: the operations of a mean over a chunk, so that both agree
   * to the last bit where a chunk is the step.
   */
  readonly meanOf: Mean = (x, axes) => {
    const { div, mul, sum } = tensorflow();
    const [rows = 1] = x.shape;
    const local = sum(x, axes);
    const perExample = x.size / local.size / rows;
    const examples = inputTensor(stepExamples, []);
    return mul(this.#sumOf(local), div(1, mul(examples, perExample)));
  };

  #sumOf(local: tf.Tensor): tf.Tensor {
    const ordinal = String(this.sums.length);
    const sum = { local: `s${ordinal}`, total: `a${ordinal}`, shape: local.shape };
    this.sums.push(sum);
    this.outputs.push({ name: sum.local, node: traceStore.nodeOf(local) });
    return inputTensor(sum.total, local.shape);
  }
}

/** An input that is the same for all examples. */
function inputTensor(name: string, shape: Shape): tf.Tensor {
  const node = makeNode({ op: 'input', name, role: 'parameter' }, [], shape, 'float32', traceStore.layer);
  return traceStore.tensor(node);
}
