import { describe, expect, test } from 'vitest';
import { loadRuntime } from './runtime.ts';
import { executionProviders, sessionOptions } from './session-options.ts';

const everywhere = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'disabled',
  enableCpuMemArena: true,
  enableMemPattern: true,
  logSeverityLevel: 3,
};

test.each([
  ['cpu', { executionProviders: ['cpu'] }],
  [
    'webgpu',
    {
      executionProviders: [{ name: 'webgpu', forceCpuNodeNames: ['MaxPool_3'] }],
      preferredOutputLocation: 'cpu',
    },
  ],
  [
    'cuda',
    {
      executionProviders: ['cuda'],
      preferredOutputLocation: 'cpu',
      extra: {
        'ep.cuda.use_tf32': '0',
        'ep.cuda.cudnn_conv_algo_search': 'DEFAULT',
        'ep.cuda.do_copy_in_default_stream': '1',
        'ep.cudaexecutionprovider.use_tf32': '0',
        'ep.cudaexecutionprovider.cudnn_conv_algo_search': 'DEFAULT',
        'ep.cudaexecutionprovider.do_copy_in_default_stream': '1',
      },
    },
  ],
] as const)('a session on %s is asked for one thread, float32 and no choice by timing', (provider, special) => {
  expect(sessionOptions(provider, ['MaxPool_3'])).toEqual({ ...everywhere, ...special });
});

test('without nodes for the processor, WebGPU is asked for by its name: the runtime refuses an empty list', () => {
  expect(sessionOptions('webgpu').executionProviders).toEqual(['webgpu']);
});

describe('the runtime', () => {
  test('takes the names and types of all options: it refuses a provider by its name, or the graph, and nothing else', async () => {
    const { InferenceSession } = await loadRuntime();
    for (const provider of executionProviders) {
      const opened = InferenceSession.create(Uint8Array.of(0), {
        ...sessionOptions(provider),
        executionProviders: ['cpu'],
      });
      await expect(opened).rejects.toThrow(/protobuf|model/i);
    }
  });
});
