/** A matrix product and the way back through it. */
export interface MatrixProduct {
  readonly output: Float64Array;
  readonly backward: (gradient: Float64Array) => { readonly rows: Float64Array; readonly kernel: Float64Array };
}

/** `rows` [count, inner] times `kernel` [inner, columns]. */
export function multiply(rows: Float64Array, kernel: Float64Array, inner: number): MatrixProduct {
  const columns = kernel.length / inner;
  const output = new Float64Array((rows.length / inner) * columns);
  visitPairs(rows, inner, columns, (factor, ofKernel, ofOutput) => {
    for (let j = 0; j < columns; j++) output[ofOutput + j]! += factor * kernel[ofKernel + j]!;
  });
  return {
    output,
    backward: (gradient) => {
      const forKernel = new Float64Array(kernel.length);
      visitPairs(rows, inner, columns, (factor, ofKernel, ofOutput) => {
        for (let j = 0; j < columns; j++) forKernel[ofKernel + j]! += factor * gradient[ofOutput + j]!;
      });
      const forRows = rows.map((_, at) => {
        const ofOutput = Math.floor(at / inner) * columns;
        const ofKernel = (at % inner) * columns;
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += gradient[ofOutput + j]! * kernel[ofKernel + j]!;
        return sum;
      });
      return { rows: forRows, kernel: forKernel };
    },
  };
}

/** Calls `visit(value, start of the kernel's row, start of the output's row)` for each value of `rows` that is not zero. */
function visitPairs(
  rows: Float64Array,
  inner: number,
  columns: number,
  visit: (value: number, ofKernel: number, ofOutput: number) => void,
): void {
  rows.forEach((value, at) => {
    if (value !== 0) visit(value, (at % inner) * columns, Math.floor(at / inner) * columns);
  });
}
