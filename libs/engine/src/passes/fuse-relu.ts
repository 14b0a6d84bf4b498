/**
 * The gradient of a rectifier takes its mask from the rectifier's output, so that its input need not be kept; and where a
 * maximum pool follows, the mask is applied to the pooled gradient, which is smaller.
 */
import { is, makeNode, type IrNode, type Program } from '../ir/node.ts';
import { nodesOf, rewrite, usesOf, withInputs } from '../ir/traverse.ts';

export function fuseRelu(program: Program): Program {
  return maskBeforePoolGradient(maskFromOutput(program));
}

/** step(x) is step(relu(x)). */
function maskFromOutput(program: Program): Program {
  const reluOf = new Map<IrNode, IrNode>();
  for (const node of nodesOf(program)) {
    const [x] = node.inputs;
    if (is(node, 'unary') && node.operation.fn === 'relu' && x !== undefined) reluOf.set(x, node);
  }
  const rebuilt = new Map<IrNode, IrNode>();
  return rewrite(program, (node, original) => {
    rebuilt.set(original, node);
    const [x] = original.inputs;
    if (!is(node, 'unary') || node.operation.fn !== 'step' || x === undefined) return node;
    const relu = reluOf.get(x);
    // A rectifier that was made after its own mask cannot be its input.
    const replacement = relu === undefined ? undefined : rebuilt.get(relu);
    return replacement === undefined ? node : withInputs(node, [replacement]);
  });
}

/** gradient of max pool (dy, x, y) * step(x) is gradient of max pool (dy * step(y), x, y): x equals y where y's gradient goes. */
function maskBeforePoolGradient(program: Program): Program {
  const uses = usesOf(program);
  return rewrite(program, (node, original) => {
    if (!is(node, 'binary') || node.operation.fn !== 'mul') return node;
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [gradient, mask] = [node.inputs[first], node.inputs[second]];
      const before = original.inputs[first];
      if (!is(gradient, 'maxPoolGradient') || !is(mask, 'unary') || mask.operation.fn !== 'step') continue;
      const [dy, x, y] = gradient.inputs;
      if (dy === undefined || x === undefined || y === undefined || before === undefined) continue;
      if (mask.inputs[0] !== x || uses.get(before)?.length !== 1) continue;
      const pooledMask = makeNode(mask.operation, [y], y.shape, y.dtype, node.layer);
      const masked = makeNode(node.operation, [dy, pooledMask], dy.shape, dy.dtype, node.layer);
      return withInputs(gradient, [masked, x, y]);
    }
    return node;
  });
}
