/**
 * The two architectures that the JavaScript engine needs minutes for (3.5 s for one example of the batch-norm CNN, 50 s for
 * one of VGG-16), compared with float64. Not part of the unit suite: run it with vitest's project `slow`.
 */
import { describe } from 'vitest';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { describeArchitectures } from './gradient-contract.ts';

const engine = await tfjsCpuProvider.open();

describe('the engine tfjs-cpu', () => {
  describeArchitectures(engine, { 'deep-cnn-bn': 16, vgg16: 1 });
});
