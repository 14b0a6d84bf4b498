/** What each hyperparameter may be. One name has one meaning and one rule, whichever optimizer has it. */

interface OptionRule {
  /** Completes "must be ...". */
  readonly rule: string;
  readonly accepts: (value: unknown) => boolean;
}

function number(rule: string, inRange: (value: number) => boolean): OptionRule {
  return {
    rule: `a number ${rule}`,
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && inRange(value),
  };
}

const flag: OptionRule = { rule: 'true or false', accepts: (value) => typeof value === 'boolean' };
const decay = number('of at least 0 and less than 1', (value) => value >= 0 && value < 1);
const notNegative = number('of at least 0', (value) => value >= 0);
// A float32 kernel would turn a smaller epsilon into zero and then divide by it.
const positive = number('greater than 0 and not lost in float32 (at least 1e-30)', (value) => value >= 1e-30);

/** Every option of every optimizer. */
export const optionRules: Readonly<Record<string, OptionRule>> = {
  momentum: decay,
  nesterov: flag,
  beta1: decay,
  beta2: decay,
  rho: decay,
  epsilon: positive,
  amsgrad: flag,
  centered: flag,
  initialAccumulator: notNegative,
  trustCoefficient: positive,
  weightDecay: notNegative,
  globalClipNorm: notNegative,
};
