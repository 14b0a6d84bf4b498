import { WeftError } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';

/** A tensor in a file: little-endian float32. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * The parameter buffer of `layout`, a fresh one, from a file's tensors; `namesInFile` has the name there of each variable,
 * in layout order.
 * Tensors that the model has no variable for (optimizer state) are left. Throws 'incompatible', listing all that is missing or
 * has another shape; `origin` names the file.
 */
export function parametersOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  layout: ParameterLayout,
  namesInFile: readonly string[],
  origin: string,
): Float32Array {
  const parameters = new Float32Array(layout.size);
  const problems: string[] = [];
  layout.entries.forEach(({ shape, offset, length }, index) => {
    const name = namesInFile[index] ?? '';
    const tensor = tensors.get(name);
    if (tensor === undefined) problems.push(`it has no tensor ${name}`);
    else if (tensor.shape.join() !== shape.join() || tensor.bytes.length !== length * 4) {
      problems.push(`its tensor ${name} is [${tensor.shape.join(', ')}], the model's is [${shape.join(', ')}]`);
    } else parameters.set(new Float32Array(new Uint8Array(tensor.bytes).buffer), offset);
  });
  if (problems.length > 0) throw new WeftError('incompatible', `${origin}: ${problems.join('; ')}`);
  return parameters;
}
