/** Biases, and the rectifier after a convolution, go into the product that they follow, where nothing else reads it. */
import { is, makeNode, type IrNode, type Program } from '../ir/node.ts';
import { rewrite, usesOf } from '../ir/traverse.ts';

export function fuseBias(program: Program): Program {
  return fuseActivation(fuseAddition(program));
}

function fuseAddition(program: Program): Program {
  const uses = usesOf(program);
  const outputs = new Set(program.outputs.map((output) => output.node));
  return rewrite(program, (node, original) => {
    if (!is(node, 'binary') || node.operation.fn !== 'add') return node;
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [product, bias, before] = [node.inputs[first], node.inputs[second], original.inputs[first]];
      if (product === undefined || bias === undefined || before === undefined) continue;
      if (uses.get(before)?.length !== 1 || outputs.has(before) || !takesBias(product)) continue;
      const isVector = bias.shape.length === 1 && bias.shape[0] === product.shape.at(-1);
      if (isVector) return makeNode(product.operation, [...product.inputs, bias], node.shape, node.dtype, node.layer);
    }
    return node;
  });
}

function takesBias(product: IrNode): boolean {
  if (product.inputs.length !== 2) return false;
  return is(product, 'conv') || (is(product, 'matmul') && product.shape.length === 2);
}

function fuseActivation(program: Program): Program {
  const uses = usesOf(program);
  const outputs = new Set(program.outputs.map((output) => output.node));
  return rewrite(program, (node, original) => {
    const [product] = node.inputs;
    const [before] = original.inputs;
    if (!is(node, 'unary') || node.operation.fn !== 'relu' || !is(product, 'conv') || before === undefined) return node;
    if (uses.get(before)?.length !== 1 || outputs.has(before)) return node;
    const { geometry } = product.operation;
    return makeNode({ op: 'conv', geometry, activation: 'relu' }, product.inputs, node.shape, node.dtype, node.layer);
  });
}
