/** The contract, held by the eager TF.js engines. */
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { tfjsNodeGpuProvider, tfjsNodeProvider } from '../tfjs/native-backend.ts';
import { tfjsWasmProvider } from '../tfjs/webassembly-backend.ts';
import { describeEngineContract } from './engine-contract.ts';
import { synchronized } from './rounds-contract.ts';

/** TF.js has no gradient of a dilated convolution on any back end. */
const dilated = ['conv2d dilation 2, valid', 'conv2d dilation 2, same'];

/** TF.js's WebAssembly back end has no gradients of depthwise convolutions. */
const depthwise = [
  'depthwise conv2d {"depthMultiplier":1}',
  'depthwise conv2d {"depthMultiplier":2,"padding":"same"}',
  'depthwise conv2d {"depthMultiplier":1,"strides":2,"padding":"same"}',
  'separable conv2d',
];

const everything = {
  'initial-nn': 8,
  'dropout-ann': 8,
  'deep-ann': 8,
  'simple-cnn': 4,
  'dropout-cnn': 4,
  'deep-cnn-bn': 16,
  vgg16: 1,
};

// The JavaScript back end takes 3.5 s for one example of the batch-norm CNN and 50 s for one of VGG-16: those two are
// compared by `tfjs-cpu.slow.ts`.
await describeEngineContract(tfjsCpuProvider, {
  architectures: { 'initial-nn': 8, 'dropout-ann': 8, 'deep-ann': 8, 'simple-cnn': 2, 'dropout-cnn': 2 },
  bitArchitectures: [],
  refuses: [...dilated, synchronized],
});
await describeEngineContract(tfjsWasmProvider, {
  architectures: everything,
  bitArchitectures: ['initial-nn'],
  refuses: [...dilated, ...depthwise, synchronized],
});
await describeEngineContract(tfjsNodeProvider, {
  architectures: everything,
  bitArchitectures: ['initial-nn', 'simple-cnn'],
  refuses: [...dilated, synchronized],
});
await describeEngineContract(tfjsNodeGpuProvider, {
  architectures: everything,
  bitArchitectures: ['initial-nn', 'simple-cnn'],
  refuses: [...dilated, synchronized],
});
