/** What of a step is NaN or infinite: the sign of a run that has diverged. */

/** A variable of a model, as contributions have them one after the other. */
export interface Variable {
  /** With its layer: `dense_1/kernel`. */
  readonly name: string;
  /** Elements. */
  readonly length: number;
}

export interface NonFinite {
  readonly loss: boolean;
  /** The first variable of which the mean contribution is not finite; undefined where it is. */
  readonly variable: string | undefined;
}

/** The variable that has element `element` of a contribution, or `undefined` where there is none, as for a negative one. */
export function variableAt(variables: readonly Variable[], element: number): string | undefined {
  if (element < 0) return undefined;
  let end = 0;
  for (const { name, length } of variables) {
    end += length;
    if (element < end) return name;
  }
  return undefined;
}

/** For people, to be followed by the step: `the loss and the gradient of dense/kernel are not finite`. */
export function describeNonFinite(what: NonFinite | undefined): string {
  const { loss = false, variable } = what ?? {};
  if (variable === undefined) return loss ? 'the loss is not finite' : 'the loss or the gradient is not finite';
  const gradient = `the gradient of ${variable}`;
  return loss ? `the loss and ${gradient} are not finite` : `${gradient} is not finite`;
}
