/** The cloth a garment is made of: brightness and pattern, one value a pixel. */
import type { Variation } from './outline.ts';

const side = 28;

/** Fills `fabric` (28 x 28, row-major) with a cloth of random brightness, pattern and lighting, values about 0 to 1. */
export function weaveFabric(vary: Variation, fabric: Float64Array): void {
  const base = vary.between(0.22, 0.95);
  const contrast = vary.chance(0.55) ? vary.between(0.1, 0.55) : 0;
  const lightX = vary.between(-0.012, 0.012);
  const lightY = vary.between(-0.008, 0.008);
  const pattern = Math.floor(vary.between(0, 4));
  const period = vary.between(2.2, 8);
  const phase = vary.between(0, 8);
  const lean = vary.between(-1, 1);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const light = 1 + lightX * (x - 14) + lightY * (y - 14);
      let figure = 0;
      if (contrast > 0) {
        if (pattern === 0) figure = wave((y + phase) / period);
        else if (pattern === 1) figure = wave((x + phase) / period);
        else if (pattern === 2) figure = wave((x + lean * y + phase) / period);
        else figure = wave((x + phase) / period) * wave((y + phase) / period);
      }
      fabric[at] = base * light * (1 - contrast * figure);
    }
  }
}

/** A triangle wave of period 1 between 0 and 1. */
function wave(position: number): number {
  const fraction = position - Math.floor(position);
  return fraction < 0.5 ? 2 * fraction : 2 - 2 * fraction;
}
