/** Branded identifiers: a run id cannot be passed where a trainer id is expected. */

declare const brand: unique symbol;

type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Identifies one run within a coordinator's store. */
export type RunId = Branded<'RunId'>;

/** Identifies one trainer process for as long as it lives; two live trainers never share one. */
export type TrainerId = Branded<'TrainerId'>;

const idPattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** What an id must look like, for messages. */
export const idRule =
  '1 to 64 characters: lower-case letters, digits, ".", "_" and "-", starting and ending with a letter or digit';

/** Whether `text` can be a run or trainer id (see `idRule`). */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

/** Brands `text` as a run id. The caller has checked it with `isId` or made it. */
export function runId(text: string): RunId {
  return text as RunId;
}

/** Brands `text` as a trainer id. The caller has checked it with `isId` or made it. */
export function trainerId(text: string): TrainerId {
  return text as TrainerId;
}
