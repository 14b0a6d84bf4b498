/** An example that a model got wrong. */
export interface WrongImage {
  /** Its number in the test split. */
  readonly example: number;
  /** One byte a pixel, row by row; 0 is black. Length `width * height`. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly rightClass: number;
  readonly predictedClass: number;
  /** Of the predicted class, 0 to 1. */
  readonly probability: number;
}

/** The model that did best, looked at on the test split. */
export interface BestModel {
  readonly studyId: string;
  readonly trial: number;
  /** Names of classes, in order. */
  readonly classes: readonly string[];
  /** Test examples by class (outer) and answer (inner). */
  readonly confusion: readonly (readonly number[])[];
  /** Most confident first. A report shows ten at most. */
  readonly wrongImages: readonly WrongImage[];
}
