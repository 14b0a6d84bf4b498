/**
 * The one place of this package that loads TF.js: at first use, so that names, layouts and the CLI's help do not pay for it
 * (about 0.14 s). TF.js is a CommonJS package, so a synchronous load gives the very module that an `import` gives.
 */
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs';

let loaded: typeof TensorFlow | undefined;

/** TF.js, in production mode: without it the first operation prints an advertisement for another back end. */
export function tensorflow(): typeof TensorFlow {
  if (loaded === undefined) {
    loaded = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof TensorFlow;
    loaded.enableProdMode();
  }
  return loaded;
}
