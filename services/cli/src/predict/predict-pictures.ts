import { likelyClasses, classNameOf, type LikelyClass } from './likely-classes.ts';
import type { PictureRequest } from './picture-operand.ts';
import type { Predictor } from './predictor.ts';
import type { PictureReader, ReadPicture, UnreadPicture } from './read-picture.ts';

/** What a model gives for a picture. */
export interface Prediction {
  readonly image: string;
  /** The likeliest first. */
  readonly classes: readonly LikelyClass[];
  /** What an example really is; null for a picture of one's own. */
  readonly label: { readonly index: number; readonly name: string } | null;
  readonly inverted: boolean;
}

/** Pictures that are predicted together; bounds memory, and answers come while others are read. */
const together = 128;

/**
 * Predicts the pictures of `requests` in order, `top` classes each, and yields what came of each in that order: those that cannot be
 * read stop none of the others.
 */
export async function* predictPictures(
  predictor: Predictor,
  reader: PictureReader,
  requests: readonly PictureRequest[],
  top: number,
): AsyncGenerator<Prediction | UnreadPicture> {
  for (let first = 0; first < requests.length; first += together) {
    const pictures: (ReadPicture | UnreadPicture)[] = [];
    for (const request of requests.slice(first, first + together)) pictures.push(await reader.read(request));
    const readable = pictures.filter((picture) => 'pixels' in picture);
    const outputs = readable.length === 0 ? undefined : await outputsOf(predictor, readable);
    for (const picture of pictures) {
      if (!('pixels' in picture)) {
        yield picture;
        continue;
      }
      const { name, label, isInverted } = picture;
      const { classNames } = predictor;
      yield {
        image: name,
        classes: likelyClasses(outputs?.(picture) ?? new Float32Array(), classNames, top),
        label: label === undefined ? null : { index: label, name: classNameOf(label, classNames) },
        inverted: isInverted,
      };
    }
  }
}

/** The outputs for each of `pictures`. */
async function outputsOf(
  predictor: Predictor,
  pictures: readonly ReadPicture[],
): Promise<(picture: ReadPicture) => Float32Array> {
  const { height, width, divideBy } = predictor.preprocessing;
  const size = height * width;
  const inputs = new Float32Array(pictures.length * size);
  pictures.forEach(({ pixels }, row) => pixels.forEach((value, at) => (inputs[row * size + at] = value / divideBy)));
  const rows = await predictor.predict(inputs, pictures.length);
  const length = rows.length / pictures.length;
  return (picture) => {
    const row = pictures.indexOf(picture);
    return rows.subarray(row * length, (row + 1) * length);
  };
}
