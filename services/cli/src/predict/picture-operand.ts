/** One picture that is asked for: a file, or an example of the data set. */
export type PictureRequest =
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'example'; readonly name: string; readonly example: number }
  /** `test:` and what is no number or range. */
  | { readonly kind: 'nothing'; readonly name: string; readonly reason: string };

const prefix = 'test:';
/** Examples of one range. */
const mostExamples = 1_000_000;

/**
 * What an operand asks for: `test:17` one example of the test set, `test:0-9` ten, anything else a file. A file called so is
 * `./test:17`.
 */
export function pictureRequests(operand: string): PictureRequest[] {
  if (!operand.startsWith(prefix)) return [{ kind: 'file', name: operand }];
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(operand.slice(prefix.length)) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (!(from <= to) || to - from >= mostExamples) {
    const reason = 'test: is followed by the number of an example or a range of numbers, as in test:17 or test:0-9';
    return [{ kind: 'nothing', name: operand, reason }];
  }
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const example = from + at;
    return { kind: 'example', name: `${prefix}${String(example)}`, example };
  });
}
