/** A mistake put into the protocol on purpose, to see that simulations find it. */

/** One place that is changed. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** What goes wrong with it, in a few words. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
}

/** The text of `file` with those edits of `mutation` that belong to it. Throws where a text to be replaced is not there once. */
export function mutated(mutation: Mutation, file: string, text: string): string {
  return mutation.edits
    .filter((edit) => edit.file === file)
    .reduce((before, { find, replace }) => {
      const found = before.split(find).length - 1;
      if (found === 1) return before.replace(find, () => replace);
      throw new Error(`mutation ${mutation.name}: its text is ${String(found)} times in ${file}: ${find}`);
    }, text);
}
