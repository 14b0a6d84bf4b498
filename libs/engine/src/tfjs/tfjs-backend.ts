import { describeError, WeftError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import type { EngineName } from '../engine.ts';
import { extremeGradients, withGradients } from '../trace/gradients.ts';

/** A TF.js back end that is loaded and works. */
export interface TfjsBackend {
  readonly name: EngineName;
  /** The name under which TF.js knows it. */
  readonly registeredAs: string;
  /** Everything that decides its bits. */
  readonly fingerprint: string;
}

/**
 * Runs `work` with `backend` as TF.js's current back end. `work` is synchronous, so that no other engine of the process can
 * switch back ends in the middle. Throws a `WeftError` ('incompatible') where the back end or TF.js's gradients lack an
 * operation.
 */
export async function runOn<T>(backend: TfjsBackend, work: () => T): Promise<T> {
  const tf = tensorflow();
  while (tf.getBackend() !== backend.registeredAs) await tf.setBackend(backend.registeredAs);
  try {
    return withGradients(extremeGradients, work);
  } catch (thrown) {
    const text = describeError(thrown);
    if (thrown instanceof WeftError || !/not registered for backend|not (yet )?supported/.test(text)) throw thrown;
    throw new WeftError(
      'incompatible',
      `the engine ${backend.name} cannot run an operation of the model (${text}); use --engine ort-cpu`,
      { cause: thrown },
    );
  }
}
