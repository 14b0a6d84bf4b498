import type { SlotName } from './optimizer-slots.ts';

/** Where an optimizer finds its buffers: byte offsets into the memory of its kernels. */
export interface OptimizerBuffers {
  readonly parameters: number;
  /** Overwritten by a step. */
  readonly gradient: number;
  readonly slots: ReadonlyMap<SlotName, number>;
  /** Elements of all trainable variables. Buffers have room for the next multiple of four. */
  readonly trainableSize: number;
  /** The trainable variables, in elements; layer-wise optimizers take norms of each. */
  readonly variables: readonly { readonly offset: number; readonly length: number }[];
}

/** The offset of a slot, or 0 where the spec has no such slot. */
export function slotOf(buffers: OptimizerBuffers, name: SlotName): number {
  return buffers.slots.get(name) ?? 0;
}
