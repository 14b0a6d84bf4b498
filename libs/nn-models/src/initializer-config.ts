import { WeftError } from '@weft/core';
import type { Initializer } from './initializer.ts';

/** An initializer as a layer's configuration has it. */
export interface InitializerConfig {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const classNames = [
  'Zeros',
  'Ones',
  'Constant',
  'RandomUniform',
  'RandomNormal',
  'TruncatedNormal',
  'VarianceScaling',
  'Orthogonal',
  'Identity',
];

/**
 * Reads an initializer from a layer's configuration. Glorot, He and LeCun initializers arrive as `VarianceScaling`, which is
 * how TF.js and Keras write them. Throws a `WeftError` ('incompatible') that names `variable` where Weft has no such initializer.
 */
export function parseInitializer({ className, config }: InitializerConfig, variable: string): Initializer {
  const number = (key: string, fallback: number): number => {
    const value = config[key];
    return typeof value === 'number' ? value : fallback;
  };
  switch (className) {
    case 'Zeros':
      return { kind: 'constant', value: 0 };
    case 'Ones':
      return { kind: 'constant', value: 1 };
    case 'Constant':
      return { kind: 'constant', value: number('value', 0) };
    case 'RandomUniform':
      return { kind: 'uniform', low: number('minval', -0.05), high: number('maxval', 0.05) };
    case 'RandomNormal':
      return { kind: 'normal', mean: number('mean', 0), deviation: number('stddev', 0.05) };
    case 'TruncatedNormal':
      return { kind: 'truncatedNormal', mean: number('mean', 0), deviation: number('stddev', 0.05) };
    case 'VarianceScaling':
      return {
        kind: 'varianceScaling',
        scale: number('scale', 1),
        mode: config['mode'] === 'fanAvg' ? 'fanAvg' : config['mode'] === 'fanOut' ? 'fanOut' : 'fanIn',
        distribution: config['distribution'] === 'uniform' ? 'uniform' : 'truncatedNormal',
      };
    case 'Orthogonal':
      return { kind: 'orthogonal', gain: number('gain', 1) };
    case 'Identity':
      return { kind: 'identity', gain: number('gain', 1) };
    default:
      throw new WeftError(
        'incompatible',
        `the initializer "${className}" of ${variable} is not supported; use one of ${classNames.join(', ')}`,
      );
  }
}
