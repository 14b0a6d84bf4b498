/**
 * The contract of the engine port: one suite, run by every adapter. What it holds an engine to is in the files beside it.
 */
import type { ArchitectureName } from '@weft/nn-models';
import { afterAll, describe, expect, test } from 'vitest';
import type { EngineProvider } from '../engine.ts';
import { describeBits } from './bits-contract.ts';
import { describeConduct } from './conduct-contract.ts';
import { describeGradients } from './gradient-contract.ts';
import { describeInference } from './inference-contract.ts';
import { describeRounds } from './rounds-contract.ts';

/** Bounds a test on a loaded machine; the longest takes some seconds. */
const testTimeoutMs = 300_000;

/** What one engine is held to beyond what all are. */
export interface EngineCoverage {
  /** Architectures whose gradients are compared with float64, and with how many examples. */
  readonly architectures: Readonly<Partial<Record<ArchitectureName, number>>>;
  /** Architectures whose bits are compared for every cut into chunks, besides small models. */
  readonly bitArchitectures: readonly ArchitectureName[];
  /** Names of layer cases, or `synchronized`, that the engine must refuse by a message, because it cannot run them. */
  readonly refuses: readonly string[];
}

/** Describes the suite for one engine; a skipped test that says why where the engine is not available here. */
export async function describeEngineContract(provider: EngineProvider, coverage: EngineCoverage): Promise<void> {
  const availability = await provider.probe();
  if (!availability.available) {
    test.skip(`${provider.name} is not available: ${availability.reason}`, () => undefined);
    return;
  }
  const engine = await provider.open();
  describe(`the engine ${provider.name}`, { timeout: testTimeoutMs }, () => {
    afterAll(() => engine.dispose());

    test('has the name and the fingerprint that its probe tells', () => {
      expect(engine.name).toBe(provider.name);
      expect(engine.fingerprint).toBe(availability.fingerprint);
      expect(engine.fingerprint).toContain(provider.name);
    });
    describeGradients(engine, coverage);
    describeBits(engine, coverage);
    describeRounds(engine, coverage);
    describeInference(engine);
    describeConduct(engine);
  });
}
