import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { engineNames } from '../engine.ts';
import { engineProviders, openEngine } from './engine-providers.ts';

test('every engine of the port has a provider, in the order of preference', () => {
  expect(engineProviders.map(({ name }) => name)).toEqual(engineNames);
});

test.each(engineProviders)(
  '$name is there with its fingerprint, or is refused with reason and remedy',
  async (provider) => {
    const availability = await provider.probe();
    if (availability.available) {
      expect(availability.fingerprint).toContain(provider.name);
      const engine = await openEngine(provider.name);
      expect(engine.fingerprint).toBe(availability.fingerprint);
      await engine.dispose();
    } else {
      const refused = await openEngine(provider.name).catch((thrown: unknown) => thrown);
      expect(refused).toBeInstanceOf(WeftError);
      expect(refused).toMatchObject({ code: 'precondition-failed' });
      expect((refused as WeftError).message).toContain(availability.reason);
      expect((refused as WeftError).message).toContain(availability.remedy);
    }
  },
);
