/** Element types of ONNX tensors, with the numbers of `TensorProto.DataType`. */
export const elementTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

export type ElementType = keyof typeof elementTypes;

/** A tensor within a graph: the result of a node, an input or a constant. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
}

/** An attribute of an ONNX node. ONNX tells kinds of values apart, so it is always said. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'text'; readonly value: string };

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });
