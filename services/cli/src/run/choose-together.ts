import { WeftError } from '@weft/core';

/** What all of `choices` give. Throws one 'invalid-argument' with the problems of all that throw one, in order. */
export function chooseTogether<T extends readonly unknown[]>(...choices: { [K in keyof T]: () => T[K] }): T {
  const problems: string[] = [];
  const chosen = choices.map((choose: () => unknown) => {
    try {
      return choose();
    } catch (thrown) {
      if (!(thrown instanceof WeftError) || thrown.code !== 'invalid-argument') throw thrown;
      problems.push(thrown.message);
      return undefined;
    }
  });
  if (problems.length > 0) throw new WeftError('invalid-argument', problems.join('\n'));
  // Each place has what the choice at that place gave.
  return chosen as unknown as T;
}
