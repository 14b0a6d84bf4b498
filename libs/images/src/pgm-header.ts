import { WeftError } from '@weft/core';

/** The header of a PGM file. */
export interface PgmHeader {
  readonly width: number;
  readonly height: number;
  /** The value of white, 1 to 65535. */
  readonly white: number;
  /** Whether pixels are decimal numbers (`P2`), not bytes (`P5`). */
  readonly isText: boolean;
  /** Where pixels begin. */
  readonly dataOffset: number;
}

/** Reads the three numbers after `P2` or `P5`, with comments between them. Throws 'corrupt' where they are not there. */
export function pgmHeader(file: Uint8Array): PgmHeader {
  const isText = file[1] === '2'.charCodeAt(0);
  let at = 2;
  const byteAt = (place: number): string => String.fromCharCode(file[place] ?? 0);
  const number = (): number => {
    while (at < file.length && /[\s#]/.test(byteAt(at))) {
      if (byteAt(at) === '#') while (at < file.length && byteAt(at) !== '\n') at++;
      else at++;
    }
    let digits = '';
    while (at < file.length && digits.length < 10 && /\d/.test(byteAt(at))) digits += byteAt(at++);
    if (digits === '') throw new WeftError('corrupt', 'it ends within the header of a PGM');
    return Number(digits);
  };
  const [width, height, white] = [number(), number(), number()];
  if (white < 1 || white > 65_535) {
    throw new WeftError('corrupt', `its greatest value is ${String(white)}; in a PGM it is 1 to 65535`);
  }
  // One blank, of any kind, separates the header from the pixels.
  return { width, height, white, isText, dataOffset: at + 1 };
}
