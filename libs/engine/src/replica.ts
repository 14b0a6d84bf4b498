/**
 * The trainer's copy of a model: parameters, gradient and optimizer slots in one WebAssembly memory, where the optimizer's
 * kernels work on them in place and ONNX Runtime reads them without a copy.
 */
import { invariant, WeftError } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';
import { createMemory, type KernelMemory } from './kernels/kernel-module.ts';
import { vectorKernels, type OptimizerKernels } from './optimizers/optimizer-kernels.ts';
import { optimizerSlots, type SlotName } from './optimizers/optimizer-slots.ts';
import type { OptimizerSpec } from './optimizers/optimizer-spec.ts';
import { optimizerStep, type OptimizerStep } from './optimizers/optimizer-step.ts';

/** One optimizer slot: a value for each trainable parameter, in layout order. */
export interface ReplicaSlot {
  readonly name: SlotName;
  readonly values: Float32Array;
}

/** Parameters, contribution and optimizer state of one model. The views stay valid, and the same, for its whole life. */
export interface Replica {
  readonly layout: ParameterLayout;
  readonly optimizer: OptimizerSpec;
  /** All variables, `layout.size` elements. The caller writes the initial values. */
  readonly parameters: Float32Array;
  /**
   * Filled by the caller before `apply`, `layout.size` elements: the mean gradient over the global batch in
   * [0, trainableSize), the new values of the state variables behind it. `takeMean` makes that of a sum.
   */
  readonly contribution: Float32Array;
  readonly slots: readonly ReplicaSlot[];
  /** Optimizer steps applied so far. */
  readonly step: number;
  /** Bytes of a snapshot. */
  readonly snapshotLength: number;

  /**
   * Divides the contribution, a sum over `exampleCount` examples (at most 2^24), by their number, each element rounded to
   * float32. Returns whether all of it is finite then.
   */
  takeMean(exampleCount: number): boolean;

  /** Applies the contribution: an optimizer step on trainable variables, the new values to state. Uses up `contribution`. */
  apply(learningRate: number): void;

  /** The parameters' bytes, a view, for digests and the wire. Little-endian float32. */
  parameterBytes(): Uint8Array;

  /**
   * Writes parameters, slots in the order of `slots`, and the step to `into` (`snapshotLength` bytes): float32, the step as
   * an unsigned 64-bit integer, all little-endian, without padding.
   */
  writeSnapshot(into: Uint8Array): void;

  /** Takes over a snapshot of a replica with the same layout and optimizer. Throws `corrupt` if it cannot be one. */
  readSnapshot(from: Uint8Array): void;
}

/**
 * A replica with zero parameters, at step 0, its slots at their initial values.
 *
 * Takes 4 * (2 * layout.size + slots * trainableSize) bytes, all at once. Throws `too-large` above 4 GiB and
 * `resource-exhausted` where the machine has not that much. `kernels` is for comparisons: all kinds give the same bytes.
 */
export function createReplica(
  layout: ParameterLayout,
  optimizer: OptimizerSpec,
  kernels: (memory: KernelMemory) => OptimizerKernels = vectorKernels,
): Replica {
  return new MemoryReplica(layout, optimizer, kernels);
}

/** Regions start at multiples of a cache line and end with room for the three elements that kernels may overrun. */
function regionBytes(length: number): number {
  return Math.ceil((length * 4 + 16) / 64) * 64;
}

const stepBytes = 8;

class MemoryReplica implements Replica {
  readonly layout: ParameterLayout;
  readonly optimizer: OptimizerSpec;
  readonly parameters: Float32Array;
  readonly contribution: Float32Array;
  readonly slots: readonly ReplicaSlot[];
  readonly snapshotLength: number;
  readonly #kernels: OptimizerKernels;
  readonly #optimizerStep: OptimizerStep;
  /** The new values of state variables, out of reach of the kernels' overrun while they run. */
  readonly #state: Float32Array;
  #step = 0;

  constructor(layout: ParameterLayout, optimizer: OptimizerSpec, kernels: (memory: KernelMemory) => OptimizerKernels) {
    this.layout = layout;
    this.optimizer = optimizer;
    const { size, trainableSize } = layout;
    const specs = optimizerSlots(optimizer);
    const full = regionBytes(size);
    const trainable = regionBytes(trainableSize);
    const memory = createMemory(2 * full + specs.length * trainable);
    this.parameters = new Float32Array(memory.buffer, 0, size);
    this.contribution = new Float32Array(memory.buffer, full, size);
    const offsets = new Map<SlotName, number>();
    this.slots = specs.map(({ name, initialValue }, ordinal) => {
      const offset = 2 * full + ordinal * trainable;
      offsets.set(name, offset);
      const values = new Float32Array(memory.buffer, offset, trainableSize);
      if (initialValue !== 0) values.fill(initialValue);
      return { name, values };
    });
    this.snapshotLength = this.#stored().reduce((sum, values) => sum + values.byteLength, stepBytes);
    this.#state = new Float32Array(size - trainableSize);
    this.#kernels = kernels(memory);
    this.#optimizerStep = optimizerStep(this.#kernels, optimizer, {
      parameters: 0,
      gradient: full,
      slots: offsets,
      trainableSize,
      variables: layout.entries.filter((entry) => entry.trainable),
    });
  }

  get step(): number {
    return this.#step;
  }

  takeMean(exampleCount: number): boolean {
    invariant(
      exampleCount >= 1 && exampleCount <= 2 ** 24,
      `a mean over ${String(exampleCount)} examples is not to be had`,
    );
    const { byteOffset, length } = this.contribution;
    return this.#kernels.divide(byteOffset, length, exampleCount) === 1;
  }

  apply(learningRate: number): void {
    invariant(
      learningRate >= 0 && Number.isFinite(learningRate),
      `learning rate ${String(learningRate)} is not usable`,
    );
    const { trainableSize } = this.layout;
    this.#state.set(this.contribution.subarray(trainableSize));
    this.#optimizerStep(this.#step + 1, learningRate);
    this.parameters.set(this.#state, trainableSize);
    this.#step++;
  }

  parameterBytes(): Uint8Array {
    return bytesOf(this.parameters);
  }

  writeSnapshot(into: Uint8Array): void {
    invariant(
      into.length === this.snapshotLength,
      `a snapshot takes ${String(this.snapshotLength)} bytes, not ${String(into.length)}`,
    );
    let at = 0;
    for (const values of this.#stored()) {
      into.set(bytesOf(values), at);
      at += values.byteLength;
    }
    new DataView(into.buffer, into.byteOffset).setBigUint64(at, BigInt(this.#step), true);
  }

  readSnapshot(from: Uint8Array): void {
    if (from.length !== this.snapshotLength) {
      throw new WeftError(
        'corrupt',
        `a snapshot has ${String(from.length)} bytes, but this model with ${this.optimizer.name} has ` +
          `${String(this.snapshotLength)}: it is damaged, or of another model or optimizer`,
      );
    }
    const step = new DataView(from.buffer, from.byteOffset).getBigUint64(from.length - stepBytes, true);
    if (step > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new WeftError('corrupt', `a snapshot claims step ${String(step)}, which no run reaches: it is damaged`);
    }
    let at = 0;
    for (const values of this.#stored()) {
      bytesOf(values).set(from.subarray(at, at + values.byteLength));
      at += values.byteLength;
    }
    this.#step = Number(step);
  }

  #stored(): Float32Array[] {
    return [this.parameters, ...this.slots.map((slot) => slot.values)];
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
