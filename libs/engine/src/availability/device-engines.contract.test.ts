/**
 * The contract, held by the engines on GPUs where there is one, and everywhere by what they run: their graphs, in ONNX's own
 * layout and chunk by chunk, on the processor. That is also what a processor without the blocked layout gets.
 */
import { describeEngineContract, type EngineCoverage } from '../contract/engine-contract.ts';
import type { EngineProvider } from '../engine.ts';
import { deviceGraphs, OrtEngine } from '../ort/ort-engine.ts';
import { ortCudaProvider, ortWebGpuProvider } from './device-providers.ts';
import { providerOf } from './engine-start.ts';

const coverage: EngineCoverage = {
  architectures: {
    'initial-nn': 8,
    'dropout-ann': 8,
    'deep-ann': 8,
    'simple-cnn': 4,
    'dropout-cnn': 4,
    'deep-cnn-bn': 16,
  },
  bitArchitectures: ['initial-nn', 'simple-cnn'],
  refuses: [],
};

const onDevices: EngineCoverage = { ...coverage, architectures: { ...coverage.architectures, vgg16: 1 } };

const onTheProcessor: EngineProvider = providerOf('ort-cpu', async () => ({
  engine: await OrtEngine.open('cpu', deviceGraphs),
}));

await describeEngineContract(ortCudaProvider, {
  ...onDevices,
  refuses: ['max pooling 3, stride 2, same', 'max pooling 3 x 2, stride 1'],
});
await describeEngineContract(ortWebGpuProvider, onDevices);
// VGG-16 in this layout is in `ort/ort-cpu.slow.ts`.
await describeEngineContract(onTheProcessor, { ...coverage, bitArchitectures: ['initial-nn'] });
