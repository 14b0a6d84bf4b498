/** Draws one example: a garment in some cloth, put on the image somehow, and photographed badly. */
import { invariant, type PhiloxStream } from '@weft/core';
import { fashionImageBytes } from '../data-set.ts';
import { Canvas, type Pose } from './canvas.ts';
import { weaveFabric } from './fabric.ts';
import { ankleBoot, sandal, sneaker } from './footwear.ts';
import { box, Variation, type Garment } from './outline.ts';
import { coat, dress, pullover, shirt, tShirt } from './tops.ts';
import { bag, trouser } from './trouser-and-bag.ts';

/** One for each of `fashionClassNames`, in that order. */
const garments: readonly Garment[] = [tShirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankleBoot];

const level: Pose = { xx: 14, xy: 0, x0: 14, yx: 0, yy: 14, y0: 14 };

/** Draws examples, one after the other, into memory that the caller owns. */
export class ExampleArtist {
  readonly #canvas = new Canvas();
  readonly #fabric = new Float64Array(fashionImageBytes);
  readonly #plain = new Float64Array(fashionImageBytes).fill(1);

  /**
   * Draws a garment of class `label` from the random words of `stream` into the 784 bytes of `image`. The picture is a
   * function of the two arguments alone.
   */
  draw(label: number, stream: PhiloxStream, image: Uint8Array): void {
    const garment = garments[label];
    invariant(garment !== undefined, `there is no garment of class ${String(label)}`);
    const vary = new Variation(stream);
    const canvas = this.#canvas;
    canvas.clear();
    weaveFabric(vary, this.#fabric);
    const pose = strikePose(vary);
    for (const { outline, tone } of garment(vary)) canvas.paint(outline, pose, this.#fabric, tone);
    if (vary.chance(0.25)) this.#occlude(vary);
    develop(canvas.pixels, vary, image);
  }

  /** Puts something flat in front of the garment. */
  #occlude(vary: Variation): void {
    const x = vary.between(-0.9, 0.6);
    const y = vary.between(-0.9, 0.6);
    const brightness = vary.chance(0.7) ? 0 : vary.between(0.2, 0.9);
    const patch = box(x, y, x + vary.between(0.15, 0.7), y + vary.between(0.15, 0.7));
    this.#canvas.paint(patch, level, this.#plain, brightness);
  }
}

/** A random place, size, proportion, slant and, at times, the mirror image. */
function strikePose(vary: Variation): Pose {
  const size = vary.between(11.2, 13.6);
  const facing = vary.chance(0.12) ? -1 : 1;
  const shear = vary.between(-0.1, 0.1);
  const turn = vary.between(-0.07, 0.07);
  return {
    xx: size * facing * vary.between(0.9, 1.06),
    xy: size * shear,
    x0: 14 + vary.between(-1.4, 1.4),
    yx: size * turn,
    yy: size * vary.between(0.92, 1.04),
    y0: 14 + vary.between(-1.2, 1.2),
  };
}

/** Adds the grain of the film to what is not black and rounds to bytes. */
function develop(pixels: Float64Array, vary: Variation, image: Uint8Array): void {
  const grain = vary.between(4, 26) / 255;
  let word = 0;
  for (let at = 0; at < fashionImageBytes; at++) {
    word = at % 4 === 0 ? vary.word() : word >>> 8;
    const value = pixels[at] as number;
    const noise = ((word & 0xff) - 127.5) * grain;
    image[at] = value < 0.01 ? 0 : Math.min(255, Math.max(0, Math.floor(value * 255 + noise + 0.5)));
  }
}
