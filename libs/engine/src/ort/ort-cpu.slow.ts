/**
 * The large architectures in both layouts against float64, for which the reference takes seconds each. Not part of the unit
 * suite: run it with vitest's project `slow`.
 */
import { describe } from 'vitest';
import { describeArchitectures } from '../contract/gradient-contract.ts';
import { OrtEngine } from './ort-engine.ts';

const blocked = await OrtEngine.open();
const plain = await OrtEngine.open('cpu', { blockSize: undefined });

describe.each([
  { layout: 'blocked', engine: blocked },
  { layout: 'plain', engine: plain },
])('the engine ort-cpu, $layout layout', ({ engine }) => {
  describeArchitectures(engine, { 'deep-cnn-bn': 16, vgg16: 2 });
});
