import { expect, test } from 'vitest';
import { judgeTrial, trialRows, trialValue, type TrialReport } from './trial-report.ts';

const exact = trialRows * trialValue * trialValue;
/** What a multiplication whose operands keep ten bits gives. */
const rounded = trialRows;

function report(product: number, convolution = product, otherSession = product): TrialReport {
  return {
    products: [[product], [product], [otherSession]],
    convolutions: [[convolution], [convolution], [convolution]],
  };
}

test('a provider that computes in float32, and always the same, can be used', () => {
  expect(judgeTrial('cuda', report(exact))).toBeUndefined();
  expect(judgeTrial('webgpu', report(Math.fround(exact) * (1 + 2 ** -22)))).toBeUndefined();
});

test.each<[string, TrialReport, RegExp, RegExp]>([
  [
    'a refusal: the fault alone is told',
    {
      refusal:
        '/src/provider.cc:12 Load [ONNXRuntimeError] x != nullptr was false. libcudnn.so.9: cannot open\nstack trace',
    },
    /^ONNX Runtime cannot use cuda: libcudnn\.so\.9: cannot open$/,
    /install script/,
  ],
  ['wrong products', report(7), /computes wrong products here: 7/, /ort-cpu/],
  ['no number at all', report(NaN), /computes wrong products here: NaN/, /ort-cpu/],
  ['products of TF32', report(rounded), /rounds products to fewer bits/, /NVIDIA_TF32_OVERRIDE=0/],
  ['convolutions of TF32', report(exact, rounded), /rounds convolutions to fewer bits/, /NVIDIA_TF32_OVERRIDE=0/],
  ['a choice by timing', report(exact, exact, exact * (1 + 2 ** -22)), /other products in each session/, /ort-cpu/],
])('%s is a reason with a remedy', (_, given, reason, remedy) => {
  const unavailable = judgeTrial('cuda', given);
  expect(unavailable?.reason).toMatch(reason);
  expect(unavailable?.remedy).toMatch(remedy);
});
