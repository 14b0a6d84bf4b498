import type { OptimizerSpec } from './optimizer-spec.ts';

/** One buffer that an optimizer keeps, with a value for each trainable parameter. */
export interface SlotSpec {
  readonly name: SlotName;
  /** What each value is before the first step. */
  readonly initialValue: number;
}

export type SlotName =
  | 'momentum'
  | 'velocity'
  | 'velocityHat'
  | 'norm'
  | 'averageGradient'
  | 'accumulator'
  | 'accumulatedGradient'
  | 'accumulatedDelta';

/** The slots of an optimizer, in the order in which snapshots hold them. */
export function optimizerSlots(spec: OptimizerSpec): readonly SlotSpec[] {
  if (spec.name === 'adagrad') return [{ name: 'accumulator', initialValue: spec.initialAccumulator }];
  return zeroSlots(spec).map((name) => ({ name, initialValue: 0 }));
}

function zeroSlots(spec: Exclude<OptimizerSpec, { name: 'adagrad' }>): readonly SlotName[] {
  switch (spec.name) {
    case 'sgd':
      return spec.momentum === 0 ? [] : ['momentum'];
    case 'lars':
      return ['momentum'];
    case 'adam':
    case 'adamw':
      return spec.amsgrad ? ['momentum', 'velocity', 'velocityHat'] : ['momentum', 'velocity'];
    case 'nadam':
    case 'lamb':
      return ['momentum', 'velocity'];
    case 'adamax':
      return ['momentum', 'norm'];
    case 'rmsprop': {
      const slots: SlotName[] = ['velocity'];
      if (spec.centered) slots.push('averageGradient');
      if (spec.momentum !== 0) slots.push('momentum');
      return slots;
    }
    case 'adadelta':
      return ['accumulatedGradient', 'accumulatedDelta'];
  }
}
