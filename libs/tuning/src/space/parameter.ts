/** What a study may vary: named parameters with their ranges, and when each of them counts. */

/** A value of a parameter. */
export type ParameterValue = number | string | boolean;

/** A parameter counts only where `parameter` counts and has one of `values`; elsewhere it has no value at all. */
export interface Condition {
  readonly parameter: string;
  readonly values: readonly ParameterValue[];
}

interface Named {
  readonly name: string;
  readonly when?: Condition;
}

/** A number in [low, high]; with `step`, low + k step; with `log`, drawn and compared by its logarithm (low > 0, no step). */
export interface FloatParameter extends Named {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step?: number;
}

/** An integer in [low, high]; with `step`, low + k step; with `log`, drawn and compared by its logarithm (low > 0, no step). */
export interface IntParameter extends Named {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step?: number;
}

/** One of `choices`, which differ from each other and have no order. */
export interface CategoricalParameter extends Named {
  readonly kind: 'categorical';
  readonly choices: readonly ParameterValue[];
}

export type Parameter = FloatParameter | IntParameter | CategoricalParameter;

/** Parameters with distinct names; one that another's condition names comes before it. */
export type SearchSpace = readonly Parameter[];

/** A value for each parameter that counts, and for no other, in the order of the space. */
export type Assignment = ReadonlyMap<string, ParameterValue>;
