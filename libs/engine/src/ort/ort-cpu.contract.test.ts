/**
 * The contract, held by `ort-cpu` in both of its layouts: the processor's blocked one, and the portable one. The float64
 * reference takes seconds for VGG-16, which is in `ort-cpu.slow.ts`.
 */
import { describeEngineContract, type EngineCoverage } from '../contract/engine-contract.ts';
import type { EngineProvider } from '../engine.ts';
import { OrtCpuEngine, ortCpuProvider } from './provider.ts';

const coverage: EngineCoverage = {
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
};

/** What a processor without the blocked layout gets. */
const plainLayout: EngineProvider = {
  ...ortCpuProvider,
  probe: async () => ({
    available: true,
    fingerprint: (await OrtCpuEngine.open({ blockSize: undefined })).fingerprint,
  }),
  open: () => OrtCpuEngine.open({ blockSize: undefined }),
};

await describeEngineContract(ortCpuProvider, coverage);
await describeEngineContract(plainLayout, { ...coverage, architectures: { 'simple-cnn': 4 }, bitArchitectures: [] });
