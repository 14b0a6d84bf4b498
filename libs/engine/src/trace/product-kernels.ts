/** Kernels that multiply and add: matrix products, convolutions, pools, and batch normalization at inference. */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import type { ConvolutionGeometry, PoolGeometry } from '../ir/geometry.ts';
import { splat, type IrNode, type Shape } from '../ir/node.ts';
import { traceStore } from './backend.ts';
import { binary, elu, unary } from './elementwise-kernels.ts';
import { emit, inputOf, type KernelCall, type KernelTable } from './kernel.ts';
import { reshape } from './shape-kernels.ts';

type Window4D = [number, number, number, number];

interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: tf.Conv2DAttrs['pad'];
  readonly dataFormat?: string;
  readonly dilations?: [number, number] | number | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Convolution {
  readonly geometry: ConvolutionGeometry;
  readonly output: Shape;
}

function convolution(x: Shape, filter: Shape, attributes: ConvolutionAttributes, depthwise = false): Convolution {
  requireChannelsLast(attributes.dataFormat);
  const info = tensorflow().backend_util.computeConv2DInfo(
    [...x] as Window4D,
    [...filter] as Window4D,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    depthwise,
    'channelsLast',
  );
  return {
    geometry: {
      window: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      padding: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
    },
    output: info.outShape,
  };
}

function requireChannelsLast(dataFormat: string | undefined): void {
  if (dataFormat === undefined || dataFormat === 'NHWC' || dataFormat === 'channelsLast') return;
  throw new WeftError(
    'incompatible',
    `layer "${traceStore.layer}" has dataFormat ${dataFormat}; the compiled engines support channelsLast only`,
  );
}

function pool(x: Shape, attributes: tf.MaxPoolAttrs): { readonly geometry: PoolGeometry; readonly output: Shape } {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const info = tensorflow().backend_util.computePool2DInfo(
    [...x] as Window4D,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    geometry: {
      window: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      padding: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
    },
    output: info.outShape,
  };
}

/** A product of stacks of matrices; TF.js makes a stack of one of every product, which is taken as a plain product. */
function matmul(call: KernelCall): IrNode {
  const [a, b] = [inputOf(call, 'a'), inputOf(call, 'b')];
  const { transposeA, transposeB } = call.attributes as tf.BatchMatMulAttrs;
  const rank = a.shape.length;
  const rows = a.shape[rank - (transposeA ? 1 : 2)] ?? 0;
  const columns = b.shape[rank - (transposeB ? 2 : 1)] ?? 0;
  const batch = a.shape.slice(0, -2).map((dimension, axis) => Math.max(dimension, b.shape[axis] ?? 1));
  if (batch.some((dimension) => dimension !== 1)) {
    return withBias(emit({ op: 'matmul', transposeA, transposeB }, [a, b], [...batch, rows, columns]), call);
  }
  const matrices = [a, b].map((stack) => reshape(stack, stack.shape.slice(-2)));
  const product = emit({ op: 'matmul', transposeA, transposeB }, matrices, [rows, columns]);
  return reshape(withBias(product, call), [...batch, rows, columns]);
}

function conv(call: KernelCall): IrNode {
  const [x, filter] = [inputOf(call, 'x'), inputOf(call, 'filter')];
  const { geometry, output } = convolution(x.shape, filter.shape, call.attributes as ConvolutionAttributes);
  return emit({ op: 'conv', geometry, activation: undefined }, [x, filter], output);
}

function depthwise(call: KernelCall): IrNode {
  const [x, filter] = [inputOf(call, 'x'), inputOf(call, 'filter')];
  const { geometry, output } = convolution(x.shape, filter.shape, call.attributes as ConvolutionAttributes, true);
  return emit({ op: 'depthwise', geometry }, [x, filter], output);
}

/** TF.js fuses a bias, and an activation where no gradient is taken; the two are taken apart again. */
function withBias(product: IrNode, call: KernelCall): IrNode {
  const { activation } = call.attributes as { readonly activation?: string };
  const bias = call.named['bias'];
  const biased = bias === undefined ? product : binary('add', product, bias);
  switch (activation) {
    case undefined:
    case 'linear':
      return biased;
    case 'elu':
      return elu(biased);
    case 'relu':
    case 'sigmoid':
      return unary(activation, biased);
    default:
      throw new WeftError(
        'incompatible',
        `layer "${traceStore.layer}" fuses the activation ${activation}, which the compiled engines cannot trace`,
      );
  }
}

function normalize(call: KernelCall): IrNode {
  const [x, mean, variance] = [inputOf(call, 'x'), inputOf(call, 'mean'), inputOf(call, 'variance')];
  const { varianceEpsilon } = call.attributes as tf.FusedBatchNormAttrs;
  const { scale, offset } = call.named;
  const inverse = unary('rsqrt', binary('add', variance, splat(varianceEpsilon)));
  const factor = scale === undefined ? inverse : binary('mul', inverse, scale);
  const scaled = binary('mul', binary('sub', x, mean), factor);
  return offset === undefined ? scaled : binary('add', scaled, offset);
}

export const productKernels: KernelTable = {
  BatchMatMul: matmul,
  _FusedMatMul: matmul,
  Conv2D: conv,
  FusedConv2D: (call) => withBias(conv(call), call),
  Conv2DBackpropInput: (call) => {
    const [dy, filter] = [inputOf(call, 'dy'), inputOf(call, 'filter')];
    const attributes = call.attributes as ConvolutionAttributes & { readonly inputShape: Window4D };
    const { geometry } = convolution(attributes.inputShape, filter.shape, attributes);
    return emit({ op: 'convInputGradient', geometry }, [dy, filter], attributes.inputShape);
  },
  Conv2DBackpropFilter: (call) => {
    const [x, dy] = [inputOf(call, 'x'), inputOf(call, 'dy')];
    const attributes = call.attributes as ConvolutionAttributes & { readonly filterShape: Window4D };
    const { geometry } = convolution(x.shape, attributes.filterShape, attributes);
    return emit({ op: 'convFilterGradient', geometry }, [x, dy], attributes.filterShape);
  },
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: (call) => withBias(depthwise(call), call),
  DepthwiseConv2dNativeBackpropInput: (call) => {
    const [dy, filter] = [inputOf(call, 'dy'), inputOf(call, 'filter')];
    const attributes = call.attributes as ConvolutionAttributes & { readonly inputShape: Window4D };
    const { geometry } = convolution(attributes.inputShape, filter.shape, attributes, true);
    return emit({ op: 'depthwiseInputGradient', geometry }, [dy, filter], attributes.inputShape);
  },
  DepthwiseConv2dNativeBackpropFilter: (call) => {
    const [x, dy] = [inputOf(call, 'x'), inputOf(call, 'dy')];
    const attributes = call.attributes as ConvolutionAttributes & { readonly filterShape: Window4D };
    const { geometry } = convolution(x.shape, attributes.filterShape, attributes, true);
    return emit({ op: 'depthwiseFilterGradient', geometry }, [x, dy], attributes.filterShape);
  },
  MaxPool: (call) => {
    const x = inputOf(call, 'x');
    const { geometry, output } = pool(x.shape, call.attributes as tf.MaxPoolAttrs);
    return emit({ op: 'maxPool', geometry }, [x], output);
  },
  MaxPoolGrad: (call) => {
    const [dy, x, y] = [inputOf(call, 'dy'), inputOf(call, 'input'), inputOf(call, 'output')];
    const { geometry } = pool(x.shape, call.attributes as tf.MaxPoolAttrs);
    return emit({ op: 'maxPoolGradient', geometry }, [dy, x, y], x.shape);
  },
  AvgPool: (call) => {
    const x = inputOf(call, 'x');
    const { geometry, output } = pool(x.shape, call.attributes as tf.MaxPoolAttrs);
    return emit({ op: 'averagePool', geometry }, [x], output);
  },
  AvgPoolGrad: (call) => {
    const [dy, x] = [inputOf(call, 'dy'), inputOf(call, 'input')];
    const { geometry } = pool(x.shape, call.attributes as tf.MaxPoolAttrs);
    return emit({ op: 'averagePoolGradient', geometry }, [dy], x.shape);
  },
  FusedBatchNorm: normalize,
};
