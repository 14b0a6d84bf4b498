/** Writes IDX files for tests. */

/** An IDX array of unsigned bytes with these dimensions; `values` are taken as they are, fitting or not. */
export function idxBytes(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, 0x08);
  view.setUint8(3, dimensions.length);
  dimensions.forEach((dimension, axis) => {
    view.setUint32(4 + 4 * axis, dimension);
  });
  bytes.set(values, 4 + 4 * dimensions.length);
  return bytes;
}

/** `count` images of 28 x 28 whose every byte follows from `salt`, as an IDX file. */
export function imagesFile(count: number, salt: number): Uint8Array {
  const values = Uint8Array.from({ length: count * 784 }, (_, at) => (at * 31 + salt * 7 + (at >>> 5)) % 256);
  return idxBytes([count, 28, 28], values);
}

/** `count` labels 0, 1, ... 9, 0, ... from `salt` on, as an IDX file. */
export function labelsFile(count: number, salt: number): Uint8Array {
  return idxBytes(
    [count],
    Uint8Array.from({ length: count }, (_, at) => (at + salt) % 10),
  );
}
