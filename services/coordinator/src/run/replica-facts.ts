/** What the replicas of a run must agree on, learnt from the first and demanded of the rest. */
import { variableAt, WeftError, type Variable } from '@weft/core';
import type { Ready } from '@weft/wire';

/** Room for the metadata of a snapshot, whose length changes with the position. */
const snapshotSlackBytes = 4096;

export class ReplicaFacts {
  #fingerprint: string;
  #layoutSize: bigint | undefined;
  #snapshotBytes: number | undefined;
  #roundSizes: readonly number[] | undefined;
  #variables: readonly Variable[] | undefined;
  #digest: { readonly position: bigint; readonly digest: string } | undefined;

  /** `fingerprint` is that of the run's earlier trainers, empty where there were none. */
  constructor(fingerprint: string) {
    this.#fingerprint = fingerprint;
  }

  /** Why a trainer with this fingerprint and answer cannot take part, or `undefined`. */
  problemOf(fingerprint: string, ready: Ready): WeftError | undefined {
    if (this.#fingerprint === '') this.#fingerprint = fingerprint;
    if (fingerprint !== this.#fingerprint) {
      return new WeftError('incompatible', engineProblem(fingerprint, this.#fingerprint));
    }
    this.#layoutSize ??= ready.layoutSize;
    if (ready.layoutSize !== this.#layoutSize) {
      const sizes = `${String(ready.layoutSize)} elements, the others' has ${String(this.#layoutSize)}`;
      return new WeftError('incompatible', `its model has ${sizes}; all trainers must run one version of Weft`);
    }
    this.#variables ??= ready.variables.map(({ name, length }) => ({ name, length: Number(length) }));
    this.#roundSizes ??= ready.roundSizes;
    if (ready.roundSizes.join() !== this.#roundSizes.join()) {
      const sizes = `[${ready.roundSizes.join(', ')}] elements, the others' have [${this.#roundSizes.join(', ')}]`;
      return new WeftError('incompatible', `its rounds have ${sizes}; all trainers must run one version of Weft`);
    }
    const snapshotBytes = Number(ready.snapshotBytes);
    this.#snapshotBytes ??= snapshotBytes;
    if (Math.abs(snapshotBytes - this.#snapshotBytes) > snapshotSlackBytes) {
      const sizes = `${String(snapshotBytes)} bytes, the others' have ${String(this.#snapshotBytes)}`;
      return new WeftError('incompatible', `its snapshots have ${sizes}; all trainers must run one version of Weft`);
    }
    if (this.#digest?.position === ready.position && this.#digest.digest !== ready.weightsDigest) {
      const digests = `${ready.weightsDigest}, the others' is ${this.#digest.digest}`;
      return new WeftError('corrupt', `its parameters at position ${String(ready.position)} have digest ${digests}`);
    }
    this.#digest = { position: ready.position, digest: ready.weightsDigest };
    return undefined;
  }

  /** The variable that has an element of a contribution, or `undefined` where there is none. */
  variableAt(element: number): string | undefined {
    return variableAt(this.#variables ?? [], element);
  }

  /** Why a snapshot of this length cannot be right, or `undefined`. */
  snapshotProblem(totalBytes: number): WeftError | undefined {
    const limit = (this.#snapshotBytes ?? 0) + snapshotSlackBytes;
    if (totalBytes <= limit) return undefined;
    return new WeftError(
      'too-large',
      `a snapshot of ${String(totalBytes)} bytes was sent; it may have ${String(limit)}`,
    );
  }
}

/** Why a trainer with engine `found` cannot take part in a run that began on `began`. */
export function engineProblem(found: string, began: string): string {
  return (
    `its engine is "${found}", but the run began on "${began}"; bits are equal within one ` +
    'fingerprint only: use the same engine, version and instruction set on every trainer of a run'
  );
}
