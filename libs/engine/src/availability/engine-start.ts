/**
 * Making a provider of the port out of one function that tries to start an engine and says what it found.
 */
import { WeftError } from '@weft/core';
import type { Engine, EngineAvailability, EngineName, EngineProvider } from '../engine.ts';

/** Why an engine cannot be used here, and what to do about it. Both are sentences without a full stop. */
export interface Unavailable {
  readonly reason: string;
  readonly remedy: string;
}

/** What came of starting an engine. A failure that is the machine's, not a bug, is a returned variant. */
export type EngineStart = { readonly engine: Engine } | { readonly unavailable: Unavailable };

/** The provider of the engine `name`, which `start` starts. Probing starts the engine and disposes of it. */
export function providerOf(name: EngineName, start: () => Promise<EngineStart>): EngineProvider {
  return {
    name,
    probe: async (): Promise<EngineAvailability> => {
      const outcome = await start();
      if ('unavailable' in outcome) return { available: false, ...outcome.unavailable };
      const { fingerprint } = outcome.engine;
      await outcome.engine.dispose();
      return { available: true, fingerprint };
    },
    open: async (): Promise<Engine> => {
      const outcome = await start();
      if ('engine' in outcome) return outcome.engine;
      const { reason, remedy } = outcome.unavailable;
      throw new WeftError('precondition-failed', `the engine ${name} is not available here: ${reason}; ${remedy}`);
    },
  };
}
