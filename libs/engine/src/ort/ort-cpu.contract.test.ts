/** The contract, held by `ort-cpu`. The float64 reference takes seconds for VGG-16, which is in `ort-cpu.slow.ts`. */
import { describeEngineContract } from '../contract/engine-contract.ts';
import { ortCpuProvider } from './provider.ts';

await describeEngineContract(ortCpuProvider, {
  architectures: {
    'initial-nn': 8,
    'dropout-ann': 8,
    'deep-ann': 8,
    'simple-cnn': 4,
    'dropout-cnn': 4,
    'deep-cnn-bn': 16,
  },
  bitArchitectures: ['initial-nn'],
  refuses: [],
});
